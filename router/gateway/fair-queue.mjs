/**
 * A bounded queue in which networks take turns: few are admitted at once, and nobody waits for long. The network that
 * has been admitted least often in the last minute goes first, and the one that has been admitted most often loses its
 * place to a newcomer if there are too many. The networks of one site take turns as one.
 * `shared/security/fair_queue.py` is the same.
 */
import sharedLimits from "../../shared/limits.json" with { type: "json" };
import { clientSite } from "./client-address.mjs";

const { placesShare, waitingShare, recentSeconds } = sharedLimits.admission;
const PERIOD_MS = recentSeconds * 1_000;

function increase(counts, key, by) {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

/** How often each site was admitted in the last one to two periods. */
class RecentAdmissions {
  #current = new Map();
  #previous = new Map();
  #ends = performance.now() + PERIOD_MS;

  add(site) {
    this.#forget();
    increase(this.#current, site, 1);
  }

  of(site) {
    this.#forget();
    return (this.#current.get(site) ?? 0) + (this.#previous.get(site) ?? 0);
  }

  #forget() {
    const now = performance.now();
    if (now < this.#ends) return;
    this.#previous = now < this.#ends + PERIOD_MS ? this.#current : new Map();
    this.#current = new Map();
    this.#ends = now + PERIOD_MS;
  }
}

/** A place in the queue, until it is left. Whoever has it may wait until the deadline, here and in other queues. */
export class Place {
  #queue;
  #resolve;
  #timer;
  #deadline;

  constructor(queue, network, number, waitMs) {
    this.#queue = queue;
    this.network = network;
    this.site = clientSite(network);
    this.number = number;
    this.isAdmitted = false;
    this.#deadline = performance.now() + waitMs;
    /** Whether it was admitted. False when it was refused, has waited for too long, or was left. */
    this.turn = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** Leaves the queue: whoever is next gets the place. Once is enough, and more often has no effect. */
  leave() {
    this.#queue.leave(this);
  }

  /** How long it may wait from now on. */
  get waitMs() {
    return Math.max(0, this.#deadline - performance.now());
  }

  /** Leaves at the deadline. */
  limit() {
    this.#timer = setTimeout(() => this.leave(), this.waitMs);
  }

  /** Tells whether it was admitted. */
  answer(isAdmitted) {
    clearTimeout(this.#timer);
    this.isAdmitted = isAdmitted;
    this.#resolve(isAdmitted);
  }
}

/** Admits so many at once, of one site its share, and lets so many others wait. */
export class FairQueue {
  #mostAtOnce;
  #mostWaiting;
  #admitted = new Set();
  #admittedOfSite = new Map();
  /** By site, in the order in which they came. */
  #waiting = new Map();
  #waitingOfNetwork = new Map();
  #waitingCount = 0;
  #recent = new RecentAdmissions();
  #count = 0;

  constructor(mostAtOnce, mostWaiting) {
    this.#mostAtOnce = mostAtOnce;
    this.#mostWaiting = mostWaiting;
  }

  /**
   * Enters the queue.
   *
   * @param {string} network that the place is counted for
   * @param {number} waitMs how long to wait for a turn
   * @returns {Place} which must be left, unless its turn is false
   */
  enter(network, waitMs) {
    this.#count += 1;
    const place = new Place(this, network, this.#count, waitMs);
    if (this.#isFree(place.site)) this.#admit(place);
    else if (this.#mayWait(place)) this.#wait(place);
    else place.answer(false);
    return place;
  }

  leave(place) {
    if (this.#waiting.get(place.site)?.has(place)) {
      this.#remove(place);
      place.answer(false);
    } else if (this.#admitted.delete(place)) {
      increase(this.#admittedOfSite, place.site, -1);
      this.#admitNext();
    }
  }

  #isFree(site) {
    const ofSite = this.#admittedOfSite.get(site) ?? 0;
    return this.#admitted.size < this.#mostAtOnce && ofSite < this.#mostAtOnce / placesShare;
  }

  #admit(place) {
    this.#admitted.add(place);
    increase(this.#admittedOfSite, place.site, 1);
    this.#recent.add(place.site);
    place.answer(true);
  }

  /** Whether a place may wait; if too many do, instead of whoever was admitted most often. */
  #mayWait(place) {
    if ((this.#waitingOfNetwork.get(place.network) ?? 0) >= this.#mostWaiting / waitingShare) return false;
    if (this.#waitingCount < this.#mostWaiting) return true;
    let last = place;
    for (const waiting of this.#waiting.values()) {
      const newest = [...waiting].at(-1);
      if (this.#isBefore(last, newest)) last = newest;
    }
    last.leave();
    return last !== place;
  }

  #wait(place) {
    if (!this.#waiting.has(place.site)) this.#waiting.set(place.site, new Set());
    this.#waiting.get(place.site).add(place);
    increase(this.#waitingOfNetwork, place.network, 1);
    this.#waitingCount += 1;
    place.limit();
  }

  #isBefore(one, other) {
    return (this.#recent.of(one.site) - this.#recent.of(other.site) || one.number - other.number) < 0;
  }

  #remove(place) {
    const waiting = this.#waiting.get(place.site);
    waiting.delete(place);
    if (waiting.size === 0) this.#waiting.delete(place.site);
    increase(this.#waitingOfNetwork, place.network, -1);
    this.#waitingCount -= 1;
  }

  #admitNext() {
    for (let first = this.#first(); first !== undefined; first = this.#first()) {
      this.#remove(first);
      this.#admit(first);
    }
  }

  #first() {
    let first;
    for (const [site, waiting] of this.#waiting) {
      if (!this.#isFree(site)) continue;
      const [oldest] = waiting;
      if (first === undefined || this.#isBefore(oldest, first)) first = oldest;
    }
    return first;
  }
}
