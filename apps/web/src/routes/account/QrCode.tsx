/** A text as a QR code. It is dark on light in any theme, because cameras expect that. */
import { useId } from "react";
import { encode } from "uqr";

export function QrCode({ text, title }: { text: string; title: string }) {
  const titleId = useId();
  const { data, size } = encode(text, { border: 4 });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg role="img" aria-labelledby={titleId} className="qr-code" viewBox={`0 0 ${size} ${size}`} width="220" height="220">
      <title id={titleId}>{title}</title>
      <rect width={size} height={size} fill="#fff" />
      <path d={dark.join("")} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}
