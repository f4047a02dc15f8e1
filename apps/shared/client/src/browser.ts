/** A session with what browsers have: locks, a channel between tabs, and a mark that they share. */
import { Session, type Channel } from "./session";
import { storedMark } from "./session-mark";
import { PAGE_WIRE, sendOver, type Wire } from "./wire";

const NAME = "petplus-session";

function channelBetweenTabs(): Channel {
  const channel = new BroadcastChannel(NAME);
  return {
    post: (message) => channel.postMessage(message),
    onMessage: (listen) => {
      channel.onmessage = ({ data }) => listen(data);
    },
  };
}

/** Makes the session of this page. Locks need a secure context: HTTPS, or this machine. */
export function browserSession(wire: Wire = PAGE_WIRE): Session {
  return new Session({
    send: sendOver(wire),
    mark: storedMark,
    channel: channelBetweenTabs(),
    exclusively: (work) => (isSecureContext ? navigator.locks.request(NAME, work) : work()),
    now: Date.now,
  });
}
