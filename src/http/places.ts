/** Where each use case is found in the API: data alone, which the server, its description and the client read. */
import type { UseCase } from '../app/flow/access.ts';

type Fixed = {
  readonly useCase: UseCase;
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Below `/api/organisations/{org}`; `{x}` is the field `x` of the input. One that ends in `+` holds slashes. */
  readonly path: string;
  /** Of an answer that is not a refusal. */
  readonly status: 200 | 201 | 202;
  readonly summary: string;
};
type More = {
  /** The field `version` of the input is what `If-Match` says; with `-or-none`, `If-None-Match: *` is version 0. */
  readonly version?: 'if-match' | 'if-match-or-none';
  /** Where what was made, or what is being done, is found: `{x}` is a field of the answer. */
  readonly location?: string;
  /** The field of the query that names what it is about, where the path names nothing. */
  readonly about?: string;
  /** The field of the answer that names what was made, where the path names nothing. */
  readonly makes?: string;
  /**
   * What of the answer is kept for a replay under the same idempotency key; left out, all of it. With none, as of a secret, a
   * replay says that it was said.
   */
  readonly keeps?: readonly string[];
  /** The request's body is a file, and the input's `sha256` and `bytes` are of its headers. */
  readonly upload?: true;
  /** The answer is a file. */
  readonly file?: true;
  /** It is said in words: in the language that `Accept-Language` names. */
  readonly worded?: true;
};

export type Place = Fixed & More;

function at(
  useCase: UseCase,
  where: `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`,
  status: Place['status'],
  summary: string,
  more: More = {},
): Place {
  const [method, path] = where.split(' ') as [string, string];
  return { useCase, method: method.toLowerCase() as Place['method'], path, status, summary, ...more };
}

export const places = {
  'list-documents': at('list-documents', 'GET /documents', 200, 'The current documents'),
  'read-document': at(
    'read-document',
    'GET /documents/{path+}',
    200,
    'A document: the current version, or the one with a digest',
  ),
  'put-document': at(
    'put-document',
    'PUT /documents/{path+}',
    200,
    'Make a document, or a new version of it',
    { version: 'if-match-or-none' },
  ),
  'remove-document': at(
    'remove-document',
    'DELETE /documents/{path+}',
    200,
    'Take a document out of the workspace; its versions are kept',
    { version: 'if-match' },
  ),

  'list-sources': at('list-sources', 'GET /sources', 200, 'The sources, their files and their last ingest'),
  'upload-data': at(
    'upload-data',
    'PUT /data/{name}',
    200,
    "Put a file of people's data in its place, whole or not at all",
    { upload: true },
  ),
  'ingest-source': at(
    'ingest-source',
    'POST /sources/{source}/ingests',
    202,
    'Take in the files of a source, as a job',
    { location: '/ingests/{id}' },
  ),
  'show-ingest': at('show-ingest', 'GET /ingests/{ingest}', 200, 'How far an ingest is, or how it ended'),

  'request-release': at(
    'request-release',
    'POST /requests',
    201,
    'Request a release (version 0), or change a request',
    { location: '/requests/{id}', makes: 'id' },
  ),
  'list-requests': at('list-requests', 'GET /requests', 200, 'The requests'),
  'show-request': at(
    'show-request',
    'GET /requests/{request}',
    200,
    'A request, what happened to it, and its checks',
  ),
  'withdraw-request': at(
    'withdraw-request',
    'POST /requests/{request}/withdrawal',
    200,
    'Withdraw a request',
    { version: 'if-match' },
  ),
  'check-request': at(
    'check-request',
    'POST /requests/{request}/checks',
    202,
    'Check what would go, as a job; the number of checks is limited',
    { location: '/checks/{id}' },
  ),
  'show-check': at('show-check', 'GET /checks/{check}', 200, 'How far a check is, or its report'),
  'approve-request': at(
    'approve-request',
    'POST /requests/{request}/approval',
    200,
    'Approve a checked request, with the words why it is lawful; not by who prepared it',
    { version: 'if-match' },
  ),
  'send-back-request': at(
    'send-back-request',
    'POST /requests/{request}/return',
    200,
    'Send a checked request back, with words',
    { version: 'if-match' },
  ),
  'refuse-request': at(
    'refuse-request',
    'POST /requests/{request}/refusal',
    200,
    'Refuse a request, with words',
    { version: 'if-match' },
  ),
  'release-request': at(
    'release-request',
    'POST /requests/{request}/release',
    202,
    'Release what was approved, as a job; all is decided again at its cut-off',
    { version: 'if-match', location: '/requests/{request}' },
  ),

  'list-releases': at('list-releases', 'GET /releases', 200, 'The releases'),
  'show-release': at('show-release', 'GET /releases/{release}', 200, 'A release and its supplies'),
  'list-evidence': at(
    'read-evidence',
    'GET /releases/{release}/evidence',
    200,
    "The files of a release's evidence",
  ),
  'read-evidence': at(
    'read-evidence',
    'GET /releases/{release}/evidence/{file+}',
    200,
    "A file of a release's evidence",
    { file: true },
  ),
  'make-download': at(
    'make-download',
    'POST /supplies/{supply}/downloads',
    201,
    'Make a code that fetches a supply once; it expires',
    { keeps: [] },
  ),
  'fetch-download': at(
    'fetch-download',
    'POST /downloads',
    200,
    'Fetch the sealed supply a code stands for, once',
    { file: true, makes: 'name' },
  ),
  'countersign-supply': at(
    'countersign-supply',
    'POST /supplies/{supply}/countersignature',
    200,
    "Hand in the recipient's countersignature",
  ),

  'list-duties': at('list-duties', 'GET /duties', 200, 'The duties, overdue ones first'),
  'attest-duty': at(
    'attest-duty',
    'POST /duties/{duty}/attestation',
    200,
    'Hand in a signed attestation; it is shown as claimed',
  ),
  'terminate-agreement': at(
    'terminate-agreement',
    'POST /agreements/{agreement}/end',
    200,
    'End an agreement: its running requests stop, deletion becomes due',
  ),

  'list-freezes': at('list-freezes', 'GET /freezes', 200, 'The freezes'),
  freeze: at('freeze', 'POST /freezes', 201, 'Freeze a party, a purpose or everything', { makes: 'freeze' }),
  'lift-freeze': at('lift-freeze', 'POST /freezes/{freeze}/lift', 200, 'Lift a freeze'),

  'report-sighting': at(
    'report-sighting',
    'POST /sightings',
    201,
    'Report a letter or a code that was seen',
    {
      makes: 'sighting',
    },
  ),
  'list-sightings': at('list-sightings', 'GET /sightings', 200, 'The sightings'),

  'record-preference': at(
    'record-preference',
    'POST /preferences',
    201,
    'Record what a person said: a stop, a consent, its withdrawal',
    { location: '/receipts/{event}', makes: 'event', keeps: ['event', 'entry'] },
  ),
  'list-own-preferences': at(
    'list-own-preferences',
    'GET /preferences',
    200,
    'What the member who asks has said',
  ),
  'read-receipt': at('read-receipt', 'GET /receipts/{receipt}', 200, 'A receipt'),

  'show-details': at(
    'show-details',
    'GET /details',
    200,
    'What a member sees of their own: who has it and why, what they were told, what is held, what they said; or one part of it',
  ),
  'prove-membership': at(
    'prove-membership',
    'GET /releases/{release}/proof',
    200,
    'A proof that a record of the member who asks is, or is not, among those of a release',
  ),

  'open-case': at(
    'open-case',
    'POST /cases',
    201,
    'Ask for a copy, a correction or erasure, complain, or object; its clock runs from the day it was received',
    { location: '/cases/{case}', makes: 'case', keeps: ['case', 'number', 'version'] },
  ),
  'list-cases': at(
    'list-cases',
    'GET /cases',
    200,
    'What people asked for, overdue first; of a member their own',
  ),
  'show-case': at('show-case', 'GET /cases/{case}', 200, 'A case, what was said in it, and its steps'),
  'answer-case': at(
    'answer-case',
    'POST /cases/{case}/answer',
    200,
    'Acknowledge a case, ask the person, answer, take more time, or note something',
    { version: 'if-match' },
  ),
  'end-case': at(
    'end-case',
    'POST /cases/{case}/end',
    200,
    'End a case, done or refused, with words to the person; an erasure that is done is done now',
    { version: 'if-match', keeps: ['case', 'number', 'version'] },
  ),
  'copy-details': at(
    'copy-details',
    'GET /copy',
    200,
    'A copy of all that is held of the member who asks, or of the person of a case: JSON, CSV or PDF',
    { file: true, about: 'case', worded: true },
  ),
  'set-safe-contact': at(
    'set-safe-contact',
    'PUT /safe-contact',
    200,
    'No post, no mail, no name on a screen: set it, or take it back',
  ),

  'list-passed-on': at(
    'list-passed-on',
    'GET /passed-on',
    200,
    'What was passed on to who holds the data, what is to be done first',
  ),
  'acknowledge-passed-on': at(
    'acknowledge-passed-on',
    'POST /passed-on/{task}/acknowledgement',
    200,
    'Say what was done with one thing that was passed on',
    // A correction's value, and words about somebody, are kept nowhere for a replay: an erasure would not find them.
    { keeps: ['task', 'answer', 'answered'] },
  ),
  'acknowledge-many-passed-on': at(
    'acknowledge-passed-on',
    'POST /passed-on/acknowledgements',
    200,
    'The same of many at once: all of them, or none',
    { makes: 'id', keeps: [] },
  ),
  'enter-answer': at(
    'enter-answer',
    'POST /passed-on/entered',
    200,
    'Enter what a party told you by telephone, letter or e-mail that it did: all of it, or nothing',
    { makes: 'task', keeps: [] },
  ),
  'make-codes': at(
    'make-codes',
    'GET /passed-on/of/{party}/codes',
    200,
    'What one party is still to do, as CSV: a line a task. To staff the new value of a correction only where nobody acts for it',
    { file: true },
  ),
  'list-answers': at(
    'list-answers',
    'GET /answers',
    200,
    'Who has answered what was passed on of the member who asks',
  ),
  'make-delta': at(
    'make-delta',
    'GET /releases/{release}/delta',
    200,
    'The codes of a release that may not be used any more, as CSV; all is decided again',
    { file: true },
  ),

  'find-person': at(
    'find-person',
    'POST /look-ups',
    200,
    'Find somebody by their details, with the reason; each look-up is on record',
    // People's details are kept nowhere for a replay.
    { makes: 'lookUp', keeps: ['lookUp', 'more'] },
  ),
  'list-look-ups': at('list-look-ups', 'GET /look-ups', 200, 'Who looked for somebody, and why'),
  'list-unresolved': at(
    'list-unresolved',
    'GET /unresolved',
    200,
    'Stops that name no record, with how many each may be of',
  ),
  'resolve-event': at(
    'resolve-event',
    'POST /unresolved/{event}/resolution',
    200,
    "Say whose such a stop is, or that it is nobody's here, with words",
  ),

  'list-roles': at('list-roles', 'GET /roles', 200, 'Who has which role'),
  'grant-role': at('grant-role', 'POST /roles', 201, 'Give a role; who has no account is invited by mail', {
    makes: 'person',
  }),
  'withdraw-role': at('withdraw-role', 'DELETE /roles/{person}/{role}', 200, 'Withdraw a role'),
  'list-keys': at('list-keys', 'GET /keys', 200, 'The keys of machines'),
  'make-key': at('make-key', 'POST /keys', 201, "Make a machine's key; its secret is shown once", {
    makes: 'key',
    keeps: [],
  }),
  'stop-key': at('stop-key', 'DELETE /keys/{key}', 200, 'Stop a key'),
  'list-deeds': at('list-deeds', 'GET /deeds', 200, 'Who did, or tried, what'),

  'list-webhooks': at('list-webhooks', 'GET /webhooks', 200, 'The webhooks'),
  'add-webhook': at('add-webhook', 'POST /webhooks', 201, 'Add a webhook; its secret is shown once', {
    makes: 'webhook',
    keeps: [],
  }),
  'stop-webhook': at('stop-webhook', 'DELETE /webhooks/{webhook}', 200, 'Stop a webhook'),
} as const satisfies Readonly<Record<string, Place>>;

export type PlaceName = keyof typeof places;

/** The names of a path's parameters, and the field `x` of `{x+}`. */
export const parametersOf = (path: string): readonly string[] =>
  [...path.matchAll(/\{([a-z]+)\+?\}/g)].map(([, name]) => name as string);
