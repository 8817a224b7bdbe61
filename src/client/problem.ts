/** What the service refuses, as RFC 9457 says it. */
export type ClientProblem = {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** The number under which whoever runs the service finds the request. */
  readonly request: string;
  readonly errors: readonly { readonly pointer: string; readonly message: string }[];
  /** Seconds, where asking again makes sense. */
  readonly retryAfter: number | null;
};

export class ProblemError extends Error {
  readonly code: string;
  readonly problem: ClientProblem;
  constructor(problem: ClientProblem) {
    super(`${problem.title}: ${problem.detail}`);
    this.name = 'ProblemError';
    this.code = problem.code;
    this.problem = problem;
  }
}

/** Of an answer that is no problem document, as one of a proxy, its status. */
export async function problemOf(response: Response): Promise<ClientProblem> {
  const said: unknown = await response.json().catch(() => null);
  const fields: Readonly<Record<string, unknown>> =
    typeof said === 'object' && said !== null ? { ...said } : {};
  const text = (name: string, otherwise: string): string => {
    const value = fields[name];
    return typeof value === 'string' ? value : otherwise;
  };
  const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return {
    code: text('code', 'unknown'),
    status: response.status,
    title: text('title', `status ${response.status}`),
    detail: text('detail', ''),
    request: text('request', response.headers.get('X-Request-Id') ?? ''),
    errors: Array.isArray(fields.errors) ? fields.errors : [],
    retryAfter: Number.isFinite(retryAfter) ? retryAfter : null,
  };
}
