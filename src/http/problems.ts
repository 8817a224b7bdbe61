/** What cannot be done, as RFC 9457 says it: one place for each code, its status and its title. */
import type { RefusalCode } from '../app/flow/service.ts';
import { type DocumentError, type Fault, faultMessage } from '../documents/fault.ts';

type Kind = {
  readonly status: number;
  readonly title: string;
  /** Seconds after which asking again makes sense. */
  readonly retryAfter?: number;
};
const kind = (status: number, title: string, retryAfter?: number): Kind =>
  retryAfter === undefined ? { status, title } : { status, title, retryAfter };

const ofUseCases: Readonly<Record<RefusalCode, Kind>> = {
  'not-allowed': kind(403, 'You may not do this'),
  'not-found': kind(404, 'There is nothing of that name for you'),
  'wrong-state': kind(409, 'It is in another state'),
  'changed-meanwhile': kind(412, 'It was changed meanwhile'),
  'two-people': kind(403, 'Another person has to do this'),
  'too-many-checks': kind(429, 'No more checks for now'),
  'too-many-look-ups': kind(429, 'No more look-ups for now'),
  'check-outdated': kind(409, 'The check is of something else by now'),
  'nothing-to-release': kind(409, 'Nothing may go'),
  frozen: kind(409, 'It is frozen'),
  'duty-overdue': kind(409, 'A duty is overdue'),
  'agreement-ended': kind(409, 'The agreement has ended'),
  'documents-faulty': kind(422, 'The documents have faults'),
  'path-unknown': kind(422, 'No document can be there'),
  'link-expired': kind(410, 'The link has expired'),
  'link-used': kind(410, 'The link was used'),
  'supply-lost': kind(503, 'The supply must be put back first'),
  'countersignature-refused': kind(422, 'The countersignature does not hold'),
  'attestation-refused': kind(422, 'The attestation does not hold'),
  'already-done': kind(409, 'It is done already'),
  'input-invalid': kind(422, 'What was asked is not valid'),
  'preference-refused': kind(422, 'The preference cannot be recorded'),
  'log-behind': kind(503, 'The log must be restored first'),
  'webhook-address': kind(422, 'No webhook is sent there'),
  'upload-refused': kind(422, 'The file cannot be taken'),
};

const ofRequests = {
  'not-signed-in': kind(401, 'Sign in, or give a key'),
  'cross-origin': kind(403, 'Asked from another site'),
  'route-unknown': kind(404, 'There is nothing here'),
  'method-not-allowed': kind(405, 'That cannot be done here'),
  'json-broken': kind(400, 'The body is not JSON'),
  'body-cut-short': kind(400, 'The body ended early'),
  'body-slow': kind(408, 'The body took too long'),
  'body-too-large': kind(413, 'The body is too large'),
  'headers-too-large': kind(431, 'The headers are too large'),
  'request-slow': kind(408, 'The request took too long'),
  'request-malformed': kind(400, 'This is no HTTP request'),
  'content-type-unknown': kind(415, 'The body is of another type than is read here'),
  'content-digest-missing': kind(400, 'An upload says its Content-Digest and Content-Length'),
  'content-digest-wrong': kind(422, 'What arrived is not what Content-Digest says'),
  'precondition-missing': kind(428, 'Say which version is meant'),
  'precondition-malformed': kind(400, 'No such precondition is understood'),
  'idempotency-key-missing': kind(400, 'What changes something wants an Idempotency-Key'),
  'idempotency-reused': kind(422, 'The Idempotency-Key stands for something else'),
  'idempotency-in-progress': kind(409, 'It is being worked on', 1),
  'answer-shown-once': kind(409, 'It was done, and its answer is shown only once'),
  'rate-limited': kind(429, 'Too much is asked', 60),
  'database-away': kind(503, 'The database is away', 5),
  'outcome-unknown': kind(503, 'Whether it was done is not known', 5),
  busy: kind(503, 'Somebody else is at work on it', 2),
  'storage-full': kind(507, 'There is no room left'),
  internal: kind(500, 'It failed, and it is not your fault'),
} as const satisfies Readonly<Record<string, Kind>>;

export type ProblemCode = RefusalCode | keyof typeof ofRequests;
export const problemKinds: Readonly<Record<ProblemCode, Kind>> = { ...ofUseCases, ...ofRequests };

export type ProblemError = { readonly pointer: string; readonly message: string };
export type Problem = {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors?: readonly ProblemError[];
  readonly faults?: readonly Fault[];
  /** Instead of what its code says. */
  readonly retryAfter?: number;
  /** Header `Allow`. */
  readonly allow?: string;
};

/** Thrown by what reads a request, and turned into a response in one place. */
export class HttpProblem extends Error {
  readonly code: ProblemCode;
  readonly problem: Problem;
  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.name = 'HttpProblem';
    this.code = problem.code;
    this.problem = problem;
  }
}

export const faultProblem = (error: Pick<DocumentError, 'faults'>): Problem => ({
  code: 'documents-faulty',
  detail: `${error.faults.length} fault${error.faults.length === 1 ? '' : 's'}: nothing was changed`,
  faults: error.faults,
});

/** The response of a problem. `base` is where the service is reached; `type` leads to the page that explains the code. */
export function problemResponse(problem: Problem, base: string, requestId: string): Response {
  const { status, title, retryAfter: usual } = problemKinds[problem.code];
  const retryAfter = problem.retryAfter ?? usual;
  const headers = new Headers({ 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' });
  if (retryAfter !== undefined) headers.set('Retry-After', String(Math.max(1, Math.ceil(retryAfter))));
  if (problem.allow !== undefined) headers.set('Allow', problem.allow);
  if (status === 401) headers.set('WWW-Authenticate', 'Bearer realm="astold"');
  const body = {
    type: `${base}/problems/${problem.code}`,
    title,
    status,
    code: problem.code,
    detail: problem.detail,
    request: requestId,
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
    ...(problem.faults === undefined
      ? {}
      : { faults: problem.faults.map((fault) => ({ ...fault, message: faultMessage(fault) })) }),
  };
  return new Response(JSON.stringify(body), { status, headers });
}
