import type { FieldCode, Problem, ProblemCode } from "./types";

/** Why a call gave no answer: the service's own code, or one of the ways not to reach it. */
export type FailureCode =
  | ProblemCode
  | "other-account"
  | "idempotency-key-reused"
  | "offline"
  | "timeout"
  | "unreadable";

/** A call that failed. Carries codes, never a sentence: the words are chosen where they are shown. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly status: number;
  readonly requestId: string | null;
  readonly detail: string | null;
  /** What kind of problem it is, in the reader's language. */
  readonly title: string | null;
  readonly retryAfterMs: number | null;
  readonly fields: { pointer: string; code: FieldCode; detail: string }[];

  constructor(code: FailureCode, status = 0, problem?: Partial<Problem>, retryAfterMs: number | null = null) {
    super(code);
    this.code = code;
    this.status = status;
    this.requestId = problem?.request_id ?? null;
    this.detail = problem?.detail ?? null;
    this.title = problem?.title ?? null;
    this.fields = problem?.errors ?? [];
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether nothing was heard from the service itself. */
  get isUnreachable(): boolean {
    return this.status === 0;
  }
}

/**
 * The failure that an answer stands for. One without the service's own form is somebody's between here and there, a
 * proxy's page say: it says nothing about the record or the session, and counts as the network's fault.
 */
export function failureOf(status: number, body: string, retryAfter: string | null): Failure {
  const seconds = retryAfter === null ? NaN : Number(retryAfter);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : null;
  let problem: Partial<Problem> = {};
  try {
    const parsed: unknown = JSON.parse(body);
    if (
      typeof parsed === "object" &&
      parsed !== null &&
      "code" in parsed &&
      typeof parsed.code === "string" &&
      "request_id" in parsed
    )
      problem = parsed as Partial<Problem>;
  } catch {
    // HTML, or nothing.
  }
  if (problem.code !== undefined) return new Failure(problem.code, status, problem, wait);
  return new Failure(codeOfGateway(status), 0, {}, wait);
}

/** What a stranger's status may be believed of: that it would not take so much, or not now. */
function codeOfGateway(status: number): FailureCode {
  if (status === 408) return "request-timeout";
  if (status === 413) return "body-too-large";
  if (status === 429) return "too-many-requests";
  return status >= 500 ? "unavailable" : "unreadable";
}

export function asFailure(cause: unknown): Failure {
  return cause instanceof Failure ? cause : new Failure("unreadable");
}
