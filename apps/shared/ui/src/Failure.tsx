/** The sentence above a form that was refused, read out as it appears. */
export function Failure({ text }: { text: string | undefined }) {
  return (
    <div role="alert" className="field-error">
      {text}
    </div>
  );
}
