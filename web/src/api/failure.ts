import type { FieldCode, Problem, ProblemCode, State } from "./types";

/** Why a call failed: the service's own code, or why the service was not reached. */
export type FailureCode =
  | ProblemCode
  | "other-account"
  | "idempotency-key-reused"
  | "offline"
  | "timeout"
  | "unreadable";

/** A failed call. It carries codes and no sentence; the text is chosen where it is shown. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly status: number;
  readonly requestId: string | null;
  readonly detail: string | null;
  /** What kind of problem it is, in the reader's language. */
  readonly title: string | null;
  readonly retryAfterMs: number | null;
  readonly fields: { pointer: string; code: FieldCode; detail: string; name?: string }[];
  /** How the issue stands, where a step that was refused is not possible any more. */
  overtaken: { state: State; version: number } | null = null;
  /** The photo that was being sent. */
  photoId: string | null = null;

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

  /** Whether no answer came from the service itself. */
  get isUnreachable(): boolean {
    return this.status === 0;
  }
}

/**
 * Turns an error response into a failure. A response that is not in the service's own format comes from something in
 * between, such as a proxy. It says nothing about the record or the session and counts as a network failure.
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
    // Not JSON: HTML, or empty.
  }
  if (problem.code !== undefined) return new Failure(problem.code, status, problem, wait);
  return new Failure(codeOfGateway(status), 0, {}, wait);
}

/** What a proxy's status can be trusted for: that the request is too large, or that it has to wait. */
function codeOfGateway(status: number): FailureCode {
  if (status === 408) return "request-timeout";
  if (status === 413) return "body-too-large";
  if (status === 429) return "too-many-requests";
  return status >= 500 ? "unavailable" : "unreadable";
}

export function asFailure(cause: unknown): Failure {
  return cause instanceof Failure ? cause : new Failure("unreadable");
}
