/** The token that a mailed link carries after `#`, where no server sees it. */
export function mailedToken(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get("token");
}
