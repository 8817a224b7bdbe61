/** The files of a new workspace. Every person, organisation and text in them is invented. */
import { parseNotice } from '../../../documents/notice.ts';
import { statementDigest } from '../../../documents/notice-check.ts';
import { addPeriod } from '../../../policy/dates.ts';
import type { CivilDate } from '../../../policy/model.ts';
import { babyMpsCsv, membersCsv, mpsCsv, ownStopsCsv, preferencesCsv } from './data.ts';
import { ignored } from './ignored.ts';

/** Whose workspace it is: the log is named after it. */
export const organisationId = 'example-club';

export type ScaffoldFile = { readonly path: string; readonly text: string };

/** Every file but the key, as of a day. The same day gives the same bytes. */
export function scaffold(today: CivilDate): readonly ScaffoldFile[] {
  const day = (days: number): CivilDate => addPeriod(today, { months: 0, days });
  const web = notice(day(-365));
  return [
    { path: '.gitignore', text: ignored },
    { path: 'organisations.yaml', text: organisations },
    { path: 'notices/web-1.md', text: web },
    { path: 'signoffs/web-1-toy-offers.yaml', text: signoff(web, day(-364)) },
    { path: 'agreements/toy-offers.yaml', text: agreement(day) },
    { path: 'sources/members.yaml', text: source(day(-1)) },
    {
      path: 'suppressions/own.yaml',
      text: list('own', 'record', '{ record: member }', 'own-stops.csv', today),
    },
    {
      path: 'suppressions/mps.yaml',
      text: list(
        'mps',
        'person',
        '{ forename: forename, surname: surname, postcode: postcode }',
        'mps.csv',
        today,
      ),
    },
    {
      path: 'suppressions/baby-mps.yaml',
      text: list(
        'baby-mps',
        'surname-at-address',
        '{ surname: surname, address-line: address, postcode: postcode }',
        'baby-mps.csv',
        today,
      ),
    },
    { path: 'requests/toy-offer.yaml', text: request(day) },
    {
      path: 'duties.yaml',
      text: '# What parties owe, and by when: { party: ..., what: "...", due: YYYY-MM-DD, done: YYYY-MM-DD }\nduties: []\n',
    },
    {
      path: 'freezes.yaml',
      text: '# Processing that may not go on: { party: ..., purpose: ..., from: YYYY-MM-DD, until: null, why: "..." }\nfreezes: []\n',
    },
    { path: 'data/members.csv', text: membersCsv(today) },
    { path: 'data/preferences.csv', text: preferencesCsv(today) },
    { path: 'data/own-stops.csv', text: ownStopsCsv },
    { path: 'data/mps.csv', text: mpsCsv },
    { path: 'data/baby-mps.csv', text: babyMpsCsv },
    // Last: a folder is a workspace only once all the rest is there.
    { path: 'astold.yaml', text: `organisation: ${organisationId}\nkind: live\nclock: null\nrules: uk\n` },
  ];
}

const organisations = `organisations:
  - id: example-club
    legal-name: Example Club
    number: null
    aliases: []
    group: null
    categories: [club]
    from: 2010-01-01
    until: null
  - id: example-toys
    legal-name: Example Toys Ltd
    number: null
    aliases: [Example Toys]
    group: null
    categories: [consumer-goods/toys]
    from: 2010-01-01
    until: null
  - id: example-mailing
    legal-name: Example Mailing Ltd
    number: null
    aliases: []
    group: null
    categories: [mailing-house]
    from: 2010-01-01
    until: null
`;

const told = {
  purposes: 'so that Example Toys Ltd can send you offers of toys, and choose whom to send them to',
  recipients:
    'we give them to Example Toys Ltd, which makes toys, and to Example Mailing Ltd, which prints and posts its letters',
  data: 'your name and home address, and that you have a child under five, by the date of birth of each of your children',
  channel: 'by post',
  basis: 'only if you tick the box',
  retention: 'They keep them for no longer than two years from the day you joined',
  wording: 'Yes, Example Toys Ltd may choose me by the ages of my children and send me offers by post',
} as const;

function notice(from: CivilDate): string {
  return `---
# An example to start from: the text below is invented, and the terms quote its words.
notice: web
version: "1"
organisation: example-club
collected-by: [web]
print-code: null
shown: { from: ${from}, until: null }
collected-on: eu-gdpr:A6-1-a
mapped-by: a.steward
language: en
layers:
  - { number: 1, starts-at: null }
  - { number: 2, starts-at: "In more detail" }
consents:
  - id: toy-offers
    kind: opt-in
    bundled: false
    wording: { quote: "${told.wording}", layer: 1 }
    purposes: [dpv:DirectMarketing, astold:Profiling]
    contact-channels: [post]
    controllers: [example-toys]
statements:
  - id: toy-offers
    kind: tells
    purposes: { terms: [dpv:DirectMarketing, astold:Profiling], narrower: false, quote: "${told.purposes}", layer: 1 }
    recipients: { organisations: [example-toys, example-mailing], categories: [], quote: "${told.recipients}", layer: 1 }
    data: { person: [pd:Name, pd:PhysicalAddress, pd:Offspring], child: [pd:BirthDate], quote: "${told.data}", layer: 1 }
    contact-channels: { terms: [post], quote: "${told.channel}", layer: 1 }
    basis: { terms: [eu-gdpr:A6-1-a], consent: toy-offers, quote: "${told.basis}", layer: 1 }
    retention: { for: P2Y, from: collection, quote: "${told.retention}", layer: 2 }
  - id: no-sale
    kind: never
    purposes: { terms: [dpv:SellDataToThirdParties], narrower: false, quote: "We never sell them", layer: 2 }
---
# How we use your details

We are Example Club, 1 Example Street, Anytown. Write to us there, or to privacy@club.example.

We use what you tell us to run your membership. We share nothing unless you ask us to. Where you do,
${told.recipients}. We give them
${told.data},
${told.purposes}, ${told.channel}. We do this ${told.basis}:

- [ ] ${told.wording}.

You can say stop at any time, by post, by e-mail or on our web site.

## In more detail

${told.retention}. We never sell them.

You may ask us what we hold, have it put right or erased, object, and take your consent back. You may complain to the
Information Commissioner.
`;
}

/** The sign-off of the scaffold's own statement, by a second person; the digest is worked out as for any other. */
function signoff(web: string, on: CivilDate): string {
  const statement = parseNotice('notices/web-1.md', web).statements.find(
    (s) => s.document.id === 'toy-offers',
  );
  if (!statement) throw new Error('the notice of a new workspace lacks the statement that is signed for');
  return `# By someone other than who mapped the notice; a changed statement needs a new one.
signoff: web-1-toy-offers
notice: web@1
statement: toy-offers
digest: ${statementDigest(statement)}
by: b.second
on: ${on}
`;
}

function agreement(day: (days: number) => CivilDate): string {
  return `agreement: toy-offers
supplier: example-club
parties:
  - { organisation: example-mailing, role: processor, processor-terms: "clause 4 of the agreement" }
  - { organisation: example-toys, role: controller }
purposes: [dpv:DirectMarketing]
data: { person: [pd:Name, pd:PhysicalAddress, pd:Offspring], child: [pd:BirthDate] }
contact-channels: [post]
bases: [eu-gdpr:A6-1-a]
special-category: none
rights: "Each party answers people who write to it, and tells the other within two working days."
retention: { until: ${day(120)} }
onward-supply: none
in-force: { from: ${day(-60)}, until: ${day(365)} }
review: ${day(300)}
signed-off-by: c.director
due-diligence: "Our own members, who joined on our web site under the notice web@1; consent by an unticked box naming Example Toys Ltd."
`;
}

function source(keyedTo: CivilDate): string {
  const field = (name: string, type: string, data: string, of: string, role: string | null): string =>
    `  - { name: ${name}, column: ${name}, type: ${type}, data: ${data}, of: ${of}, collection: joined${role === null ? '' : `, role: ${role}`} }`;
  return `source: members
organisation: example-club
synthetic: true
file: { path: ../data/members.csv, format: csv, encoding: utf-8, delimiter: ",", date-format: YYYY-MM-DD }
record: member
collections:
  - id: joined
    notice: { column: notice }
    print-code: null
    collected-by: { constant: web }
    date: joined
    origin: { constant: own }
fields:
${[
  field('forename', 'text', 'astold:GivenName', 'person', 'forename'),
  field('surname', 'text', 'astold:FamilyName', 'person', 'surname'),
  field('address', 'text', 'pd:PhysicalAddress', 'person', 'address-line'),
  field('postcode', 'text', 'pd:PostalCode', 'person', 'postcode'),
  field('email', 'text', 'pd:EmailAddress', 'person', 'email'),
  field('child_born', 'date', 'pd:BirthDate', 'child', null),
  field('child_died', 'text', 'pd:Identifying', 'child', null),
].join('\n')}
children:
  - { birth-date: child_born, died: child_died, name: null }
implies: [{ data: pd:Offspring, of: person }]
consents:
  - { column: toys, consent: toy-offers, notice: null, date: joined, yes: ["Y"] }
preferences: { path: ../data/preferences.csv, format: csv, post-keyed-to: ${keyedTo} }
`;
}

function list(id: string, level: string, columns: string, file: string, today: CivilDate): string {
  return `# An invented file in place of the real one.
list: ${id}
kind: ${id}
level: ${level}
file: { path: ../data/${file}, format: csv, encoding: utf-8, delimiter: "," }
layout: columns
columns: ${columns}
file-date: ${today}
allowed-age: P90D
`;
}

function request(day: (days: number) => CivilDate): string {
  return `request: toy-offer
title: Toy offer
agreement: toy-offers
source: members
prepared-by: a.steward
chain:
  - { organisation: example-mailing, role: processor, keeps: false, enriches: false, profits: false }
  - { organisation: example-toys, role: controller, basis: eu-gdpr:A6-1-a }
purposes: [dpv:DirectMarketing]
contact-channels: [post]
disclosure-basis: eu-gdpr:A6-1-a
use: { from: ${day(7)}, until: ${day(45)} }
delete-by: ${day(75)}
audience:
  where: any child age < 5
fields:
  - forename
  - surname
  - address
  - postcode
format: csv
`;
}
