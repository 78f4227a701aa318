// A proxy between a phone and the service that can break calls in every way a network can.
import { request as forward, Agent, createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The ways in which a call can fail. The proxy knows nothing about the calls. */
export const FAULTS = ["cut the request", "cut the answer", "lose the answer", "delay", "busy"] as const;
export type Fault = (typeof FAULTS)[number];

/** Counts of what the phone sent. */
export interface Counts {
  calls: number;
  bodyBytes: number;
  largestBody: number;
  faults: Record<Fault, number>;
}

export interface FaultyProxy {
  url: string;
  counts: Counts;
  /** From now on one call in `oneIn` fails, chosen by `seed`; `null` for a network that works. */
  misbehave(how: { seed: number; oneIn: number } | null): void;
  /** Nobody answers at the address any more. */
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
  /** The date that every answer has from now on. */
  fixDate(date: Date): void;
  /** Answers every call with this page, like a captive portal; `null` forwards calls again. */
  pretend(page: { status: number; body: string } | null): void;
  /** Answers a path with these bytes instead of the service's. */
  replace(path: string, body: string | null): void;
  close(): Promise<void>;
}

/** SplitMix32: the same seed makes the same choices. */
function dice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % below;
  };
}

const DELAY_MS_MAX = 300;

export async function startProxy(target: string): Promise<FaultyProxy> {
  const counts: Counts = {
    calls: 0,
    bodyBytes: 0,
    largestBody: 0,
    faults: { "cut the request": 0, "cut the answer": 0, "lose the answer": 0, delay: 0, busy: 0 },
  };
  const agent = new Agent({ keepAlive: true });
  const replaced = new Map<string, string>();
  let choose: ((below: number) => number) | null = null;
  let oneIn = 1;
  let date: string | null = null;
  let pretended: { status: number; body: string } | null = null;

  function handle(asked: IncomingMessage, answer: ServerResponse): void {
    const instead = replaced.get(asked.url ?? "");
    if (instead !== undefined) {
      answer.writeHead(200, { "Content-Type": "text/javascript", "Cache-Control": "no-cache" }).end(instead);
      return;
    }
    // A page that waits for changes asks in between, whenever it likes.
    const isCall = (asked.url?.startsWith("/api/") && !asked.url.startsWith("/api/v1/changes")) ?? false;
    if (isCall && pretended) {
      const { status, body } = pretended;
      counts.calls += 1;
      asked
        .resume()
        .on("end", () => answer.writeHead(status, { "Content-Type": "text/html; charset=utf-8" }).end(body));
      return;
    }
    const draw = isCall ? choose : null;
    const fault = draw && draw(oneIn) === 0 ? FAULTS[draw(FAULTS.length)] : undefined;
    const share = draw ? draw(100) / 100 : 0;
    if (fault) counts.faults[fault] += 1;
    let received = 0;
    const onBytes = (piece: Buffer) => {
      received += piece.length;
      if (!isCall) return;
      counts.bodyBytes += piece.length;
      counts.largestBody = Math.max(counts.largestBody, received);
    };
    if (isCall) counts.calls += 1;
    asked.on("data", onBytes);

    if (fault === "busy") {
      asked.on("end", () => {
        const body = JSON.stringify({ code: "unavailable", status: 503, title: "busy" });
        answer
          .writeHead(503, {
            "Content-Type": "application/problem+json",
            "Retry-After": "1",
            "Content-Length": Buffer.byteLength(body),
          })
          .end(body);
      });
      return;
    }
    const pass = () => {
      const onward = forward(target + (asked.url ?? "/"), { method: asked.method, headers: asked.headers, agent });
      onward.on("error", () => answer.destroy());
      answer.on("close", () => {
        if (!answer.writableFinished) onward.destroy();
      });
      onward.on("response", (reply) => {
        if (fault === "lose the answer") {
          reply.resume().on("end", () => answer.destroy());
          return;
        }
        answer.writeHead(reply.statusCode ?? 502, { ...reply.headers, ...(date ? { date } : {}) });
        if (fault !== "cut the answer") {
          reply.pipe(answer);
          return;
        }
        // The service's answer is complete, but the phone gets only a part.
        const pieces: Buffer[] = [];
        reply
          .on("data", (piece: Buffer) => pieces.push(piece))
          .on("end", () => {
            const whole = Buffer.concat(pieces);
            answer.write(whole.subarray(0, Math.floor(whole.length * share)), () => answer.destroy());
          });
      });
      if (fault !== "cut the request") {
        asked.pipe(onward);
        return;
      }
      const upTo = Math.floor(Number(asked.headers["content-length"] ?? 0) * share);
      let passed = 0;
      const cut = () => {
        onward.destroy();
        answer.destroy();
      };
      asked
        .on("data", (piece: Buffer) => {
          const part = piece.subarray(0, Math.max(0, upTo - passed));
          passed += part.length;
          if (part.length < piece.length || passed >= upTo) onward.write(part, cut);
          else onward.write(part);
        })
        .on("end", cut);
    };
    if (fault === "delay") {
      asked.pause();
      setTimeout(pass, 50 + share * DELAY_MS_MAX);
    } else pass();
  }

  const server = createServer(handle);
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const goDown = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    counts,
    misbehave(how) {
      choose = how && dice(how.seed);
      oneIn = how?.oneIn ?? 1;
    },
    goDown,
    comeBack: () => listen(port),
    fixDate(at) {
      date = at.toUTCString();
    },
    pretend(page) {
      pretended = page;
    },
    replace(path, body) {
      if (body === null) replaced.delete(path);
      else replaced.set(path, body);
    },
    async close() {
      if (server.listening) await goDown();
      agent.destroy();
    },
  };
}
