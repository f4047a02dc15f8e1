/** What the stream that runs has brought, and the way to break its connection and to go on. */
import type { Monitor } from "./monitor";
import { useStore } from "./store";

const TIME = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

export function EventLog({ monitor }: { monitor: Monitor }) {
  const { isFollowing, isCut, events } = useStore(monitor.store);
  if (!isFollowing && events.length === 0) return null;
  return (
    <section className="events" aria-label="Events">
      <header>
        <strong>Events</strong>
        <span role="status">{isCut ? "cut" : isFollowing ? "connected or connecting" : "ended"}</span>
        {isFollowing &&
          (isCut ? (
            <button type="button" onClick={() => monitor.resume()}>
              Resume
            </button>
          ) : (
            <button type="button" onClick={() => monitor.cut()}>
              Cut the connection
            </button>
          ))}
      </header>
      <ol>
        {events.map(({ number, at, text }) => (
          <li key={number} value={number}>
            <time dateTime={at.toISOString()}>{TIME.format(at)}</time> <code>{text}</code>
          </li>
        ))}
      </ol>
    </section>
  );
}
