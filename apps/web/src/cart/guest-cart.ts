/** Which cart a guest has in this browser: its id, and the token that opens it. It opens no account. */

export interface GuestCart {
  id: string;
  token: string;
}

const KEY = "petplus-cart";
const listeners = new Set<() => void>();
let held: GuestCart | null = read();

function read(): GuestCart | null {
  const stored = localStorage.getItem(KEY);
  return stored === null ? null : (JSON.parse(stored) as GuestCart);
}

export function guestCart(): GuestCart | null {
  return held;
}

export function keepGuestCart(cart: GuestCart | null): void {
  held = cart;
  if (cart === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, JSON.stringify(cart));
  for (const listener of listeners) listener();
}

export function subscribeToGuestCart(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
