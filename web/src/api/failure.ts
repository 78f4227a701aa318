import type { FieldCode, Problem, ProblemCode } from "./types";

/** Why a call gave no answer: the service's own code, or one of the ways not to reach it. */
export type FailureCode = ProblemCode | "offline" | "timeout" | "unreadable";

/** A call that failed. Carries codes, never a sentence: the words are chosen where they are shown. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly status: number;
  readonly requestId: string | null;
  readonly detail: string | null;
  readonly retryAfterMs: number | null;
  readonly fields: { pointer: string; code: FieldCode; detail: string }[];

  constructor(code: FailureCode, status = 0, problem?: Partial<Problem>, retryAfterMs: number | null = null) {
    super(code);
    this.code = code;
    this.status = status;
    this.requestId = problem?.request_id ?? null;
    this.detail = problem?.detail ?? null;
    this.fields = problem?.errors ?? [];
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether nothing was heard from the service itself. */
  get isUnreachable(): boolean {
    return this.status === 0;
  }
}

/** The failure that an answer stands for. */
export function failureOf(status: number, body: string, retryAfter: string | null): Failure {
  const seconds = retryAfter === null ? NaN : Number(retryAfter);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : null;
  let problem: Partial<Problem> = {};
  try {
    problem = JSON.parse(body) as Partial<Problem>;
  } catch {
    // A gateway in between may answer in HTML: then only the status is known.
  }
  return new Failure(problem.code ?? codeOfStatus(status), status, problem, wait);
}

function codeOfStatus(status: number): FailureCode {
  if (status === 401) return "not-signed-in";
  if (status === 403) return "forbidden";
  if (status === 404) return "not-found";
  if (status === 408) return "request-timeout";
  if (status === 413) return "body-too-large";
  if (status === 429) return "too-many-requests";
  if (status === 503 || status === 502 || status === 504) return "unavailable";
  return status >= 500 ? "internal" : "malformed-request";
}

export function asFailure(cause: unknown): Failure {
  return cause instanceof Failure ? cause : new Failure("unreadable");
}
