/** The results of operations as clients receive them, whatever the transport. */

/** Whether an operation was refused before it ran (a request error): its result has no data. */
export function isRequestError(result) {
  return result.data === undefined && result.errors?.length > 0;
}

/** An error without what is meant for the transport. */
function formatError(error) {
  const { message, locations, path, extensions } = error.toJSON?.() ?? error;
  const { http: _http, unexpected: _unexpected, originalError: _original, ...kept } = extensions ?? {};
  return { message, locations, path, extensions: Object.keys(kept).length > 0 ? kept : undefined };
}

/** The errors of a result as clients receive them. */
export function formatErrors(errors) {
  return errors.map(formatError);
}

/** A result as clients receive it. */
export function formatResult(result) {
  if (!result.errors?.length && !result.extensions?.http) return result;
  const { http: _http, ...extensions } = result.extensions ?? {};
  const hasExtensions = Object.keys(extensions).length > 0;
  return {
    ...result,
    errors: result.errors && formatErrors(result.errors),
    extensions: hasExtensions ? extensions : undefined,
  };
}
