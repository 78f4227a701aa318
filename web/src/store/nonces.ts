// Capture numbers 取证随机码 of each person on this device. They outlive a logout: a stock is of use without a network.
import { withDatabase, write } from "./database";

export interface CaptureNumber {
  nonce: string;
  /** When it was here, in milliseconds since the epoch: what was captured before cannot have it. */
  at: number;
  /** Until when it is good. */
  until: number;
}
export interface Stock {
  /** The supply that was asked for and has not arrived. */
  pending: string | null;
  numbers: CaptureNumber[];
}

const keyOf = (user: string): string => `nonces/${user}`;
const NONE: Stock = { pending: null, numbers: [] };

export const readStock = async (user: string): Promise<Stock> =>
  ((await withDatabase((db) => db.get("meta", keyOf(user)))) as Stock | undefined) ?? NONE;

/** In one transaction, so that two windows never use one number. */
const changeStock = <T>(user: string, change: (stock: Stock) => { next: Stock; result: T }): Promise<T> =>
  write(["meta"], async (tx) => {
    const { next, result } = change(((await tx.objectStore("meta").get(keyOf(user))) as Stock | undefined) ?? NONE);
    await tx.objectStore("meta").put(next, keyOf(user));
    return result;
  });

/** The id under which a supply is asked for: until it has arrived the same, so that a lost answer loses no numbers. */
export const supplyId = (user: string, fresh: string): Promise<string> =>
  changeStock(user, (stock) => {
    const pending = stock.pending ?? fresh;
    return { next: { ...stock, pending }, result: pending };
  });

/** Keeps what has arrived, and drops what is too old. Where another window has kept it already, nothing changes. */
export const keepSupply = (user: string, id: string, numbers: CaptureNumber[], now: number): Promise<void> =>
  changeStock(user, (stock) => {
    if (stock.pending !== id) return { next: stock, result: undefined };
    const good = stock.numbers.filter(({ until }) => until > now);
    return { next: { pending: null, numbers: [...good, ...numbers] }, result: undefined };
  });

/** Takes a number that was here when something was captured, and was good then: the one that ends first. */
export const takeNumber = (user: string, capturedAt: number): Promise<string | null> =>
  changeStock(user, (stock) => {
    const [first] = stock.numbers
      .filter(({ at, until }) => at <= capturedAt && until > capturedAt)
      .sort((a, b) => a.until - b.until);
    const numbers = stock.numbers.filter((one) => one !== first);
    return { next: { ...stock, numbers }, result: first?.nonce ?? null };
  });
