/**
 * What a notice must say, by the law of its day: Articles 13 (data from the person) and 14 (data from elsewhere),
 * the complaint under section 164A, and under the 1998 Act the fair processing information of Schedule 1 Part II.
 * Content is looked for by phrases and headings and by the notice's own statements; not finding it is a question.
 */
import type { DimensionKey } from './draft.ts';
import type { Cited } from './finding.ts';

export type Topic = {
  readonly id: string;
  /** Completes "nothing found that says ...". */
  readonly what: string;
  readonly article13: string | null;
  readonly article14: string | null;
  /** What asks for it under the 1998 Act; null where nothing did. */
  readonly under1998: Cited | null;
  /** When it is needed: always, only in a case the text does not settle (a note), or when the notice rests on this. */
  readonly needed: 'always' | 'if-so' | 'on-consent' | 'on-interests' | 'from-elsewhere' | 'from-2026-06-19';
  /** The dimension of a telling statement that says it. */
  readonly dimension: DimensionKey | null;
  /** Any of these in the text says it. */
  readonly phrases: RegExp;
  /** A heading of this kind is where a finding points. */
  readonly heading: RegExp;
};

const act = (part: string): Cited => ({ label: 'law', source: `DPA 1998 Sch 1 Pt II para 2(3)${part}` });
const gate = (rule: string): Cited => ({
  label: 'policy',
  source: `rule ${rule} (the 1998 Act did not ask it)`,
});
const rights = /\byour rights?\b|data protection|access|choices/i;
const right = (id: string, what: string, phrases: RegExp, source = '13(2)(b)'): Topic => ({
  id,
  what,
  article13: source,
  article14: source.replace('13(2)(b)', '14(2)(c)'),
  under1998: null,
  needed: 'always',
  dimension: null,
  phrases,
  heading: rights,
});

export const topics: readonly Topic[] = [
  {
    id: 'controller',
    what: 'who is responsible for the details (the controller)',
    article13: '13(1)(a)',
    article14: '14(1)(a)',
    under1998: act('(a)'),
    needed: 'always',
    dimension: null,
    phrases:
      /\b(?:data )?controllers?\b|\bwe are\b|\bis run by\b|\btrading as\b|\bregistered (?:office|charity|company|in England)\b/i,
    heading: /who we are|about us|controller/i,
  },
  {
    id: 'contact',
    what: 'how to reach the controller',
    article13: '13(1)(a)',
    article14: '14(1)(a)',
    under1998: null,
    needed: 'always',
    dimension: null,
    phrases:
      /[\w.+-]+@[\w-]+\.[\w.]+|\b(?:write to|contact us|call us|telephone|phone us)\b|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b/i,
    heading: /contact|who we are/i,
  },
  {
    id: 'dpo',
    what: 'how to reach the data protection officer',
    article13: '13(1)(b)',
    article14: '14(1)(b)',
    under1998: null,
    needed: 'if-so',
    dimension: null,
    phrases: /\bdata protection (?:officer|lead|manager|team)\b|\bDPO\b/i,
    heading: /contact|who we are/i,
  },
  {
    id: 'purposes',
    what: 'what the details are used for',
    article13: '13(1)(c)',
    article14: '14(1)(c)',
    under1998: act('(c)'),
    needed: 'always',
    dimension: 'purposes',
    phrases:
      /\b(?:we|they) (?:will |may |might )?(?:also )?use (?:your|the|this|these|it|them)\b|\bso that we can\b|\bpurposes?\b|\bused (?:to|for)\b|\bin order to\b/i,
    heading: /how we use|purpose|why we/i,
  },
  {
    id: 'legal-basis',
    what: 'the legal basis of each use',
    article13: '13(1)(c)',
    article14: '14(1)(c)',
    under1998: gate('B3'),
    needed: 'always',
    dimension: 'basis',
    phrases:
      /\b(?:legal|lawful) (?:basis|bases|ground)\b|\blegitimate interests?\b|\b(?:with|on) your consent\b|\bArticle 6\b|\bpublic task\b|\bbecause you (?:have )?(?:agreed|consented)\b/i,
    heading: /legal|lawful|basis|how we use/i,
  },
  {
    id: 'legitimate-interests',
    what: 'which legitimate interests are pursued',
    article13: '13(1)(d)',
    article14: '14(2)(b)',
    under1998: null,
    needed: 'on-interests',
    dimension: null,
    phrases:
      /\blegitimate interests?\s*(?:\([^)]*\)\s*)?(?::|(?:in|of|is|are|to|here|,? which|,? namely)\b)|\binterests? (?:is|are|in) \w+/i,
    heading: /legal|lawful|interest/i,
  },
  {
    id: 'recipients',
    what: 'who gets the details, by name or by category',
    article13: '13(1)(e)',
    article14: '14(1)(e)',
    under1998: { label: 'guidance', source: 'DPA 1998 Sch 1 Pt II para 2(3)(d), as the regulator read it' },
    needed: 'always',
    dimension: 'recipients',
    phrases:
      /\b(?:share|pass|disclose|give|send|supply|sell|rent)\b[^.]{0,80}\b(?:to|with)\b|\brecipients?\b|\b(?:not|never) (?:share|pass|sell|give|disclose)\b/i,
    heading: /who we share|sharing|disclos|recipients/i,
  },
  {
    id: 'transfers',
    what: 'whether details go abroad, and under what safeguards',
    article13: '13(1)(f)',
    article14: '14(1)(f)',
    under1998: null,
    needed: 'if-so',
    dimension: null,
    phrases:
      /\b(?:outside|within|leaves?|inside) (?:of )?(?:the )?(?:UK|United Kingdom|EEA|EU|European)\b|\babroad\b|\boverseas\b|\binternational(?:ly)? transfer|\badequacy\b|\bother countries\b/i,
    heading: /transfer|abroad|where we/i,
  },
  {
    id: 'retention',
    what: 'how long the details are kept',
    article13: '13(2)(a)',
    article14: '14(2)(a)',
    under1998: gate('C7'),
    needed: 'always',
    dimension: 'retention',
    phrases:
      /\b(?:keep|kept|hold|held|retain(?:ed)?|store[ds]?|delete[ds]?|erase[ds]?|destroy(?:ed)?)\b[^.]{0,100}\b(?:\d+|one|two|three|four|five|six|seven|twelve|eighteen|a|each|every|until|after|when|while)\b[^.]{0,40}\b(?:days?|weeks?|months?|years?|birthday|leave|left|cancel|stop|end|close|members?)\b|\bretention period\b/i,
    heading: /how long|keep|retention/i,
  },
  right(
    'right-access',
    'that people may see what is held on them (access)',
    /\b(?:right of |right to |subject )access\b|\baccess to (?:your|the) (?:personal )?(?:data|details|information)\b|\b(?:see|copy of|ask (?:us )?(?:for|what))\b[^.]{0,60}\b(?:details|data|information|hold|have)\b/i,
  ),
  right(
    'right-rectification',
    'that people may have it put right (rectification)',
    /\brectif\w+|\b(?:put|set) (?:\w+ ){0,3}right\b|\bput right\b|\b(?:correct(?:ed|ion)?|amend(?:ed)?|updated?)\b[^.]{0,60}\b(?:details|data|information|it|them|anything|mistakes?)\b|\b(?:details|data|information|it|them|mistakes?) (?:\w+ ){0,2}(?:corrected|amended|updated)\b/i,
  ),
  right(
    'right-erasure',
    'that people may have it erased',
    /\b(?:eras(?:e|ed|ing|ure)|delet(?:e|ed|ing|ion)|remov(?:e|ed|al)|be forgotten)\b/i,
  ),
  right(
    'right-restriction',
    'that people may restrict its use',
    /\brestrict(?:ion)?\b|\blimit (?:how|what|the use|our use)\b/i,
  ),
  right(
    'right-objection',
    'that people may object, and always to direct marketing',
    /\bobject(?:ion)?\b|\bask us (?:at any time )?(?:to stop|not to)\b|\bsay stop\b|\bstop (?:us )?(?:using|sharing|sending|marketing)\b/i,
    '13(2)(b) and 21(4)',
  ),
  right(
    'right-portability',
    'that people may take it elsewhere (portability)',
    /\bportab\w+|\b(?:move|transfer|take)\b[^.]{0,40}\b(?:your (?:data|details|information))\b[^.]{0,30}\b(?:elsewhere|another|other)\b/i,
  ),
  {
    id: 'withdraw-consent',
    what: 'that consent may be withdrawn at any time',
    article13: '13(2)(c)',
    article14: '14(2)(d)',
    under1998: null,
    needed: 'on-consent',
    dimension: null,
    phrases:
      /\bwithdraw\w*\b|\bchange your mind\b|\btake (?:\w+ ){0,3}back\b|\b(?:stop|unsubscribe)\b[^.]{0,40}\b(?:any time|whenever)\b/i,
    heading: rights,
  },
  {
    id: 'complaint-regulator',
    what: 'that people may complain to the regulator',
    article13: '13(2)(d)',
    article14: '14(2)(e)',
    under1998: null,
    needed: 'always',
    dimension: null,
    phrases:
      /\bcomplain\w*\b[^.]{0,80}\b(?:ICO|Commission(?:er)?|regulator|supervisory authority)\b|\b(?:ICO|Information Commission(?:er)?|regulator|supervisory authority)\b[^.]{0,80}\bcomplain\w*/i,
    heading: /complain|rights/i,
  },
  {
    id: 'complaint-controller',
    what: 'how to complain to the controller',
    article13: null,
    article14: null,
    under1998: null,
    needed: 'from-2026-06-19',
    dimension: null,
    phrases: /\bcomplain\w*\b[^.]{0,60}\bto us\b|\b(?:our|a) complaints? (?:form|procedure|process)\b/i,
    heading: /complain|rights/i,
  },
  {
    id: 'obligatory',
    what: 'whether the details must be given, by law or contract, and what follows if not',
    article13: '13(2)(e)',
    article14: null,
    under1998: null,
    needed: 'always',
    dimension: null,
    phrases:
      /\b(?:must|(?:do not|don['’]t) have to|need not|obliged|required|optional|mandatory|compulsory|up to you|your choice)\b[^.]{0,80}\b(?:give|provide|tell|fill|details|information|data|answer|supply|membership|join)\b|\b(?:if you do not|without) (?:give|giv|provid|tell)\w*/i,
    heading: /what we (?:collect|ask)|details we|information we/i,
  },
  {
    id: 'automated-decisions',
    what: 'whether decisions are automated or people are profiled',
    article13: '13(2)(f)',
    article14: '14(2)(g)',
    under1998: null,
    needed: 'if-so',
    dimension: null,
    phrases: /\bautomated\b|\bprofil(?:e|es|ing)\b|\bby (?:a )?computer alone\b/i,
    heading: /automated|profil|how we use/i,
  },
  {
    id: 'source',
    what: 'where details not given by the person come from',
    article13: null,
    article14: '14(2)(f)',
    under1998: null,
    needed: 'from-elsewhere',
    dimension: null,
    phrases:
      /\b(?:electoral (?:register|roll)|Royal Mail|Companies House|publicly (?:available|accessible)|public (?:register|records?))\b/i,
    heading: /where|source|collect/i,
  },
  {
    id: 'categories',
    what: 'which kinds of details come from elsewhere',
    article13: null,
    article14: '14(1)(d)',
    under1998: null,
    needed: 'from-elsewhere',
    dimension: 'data',
    phrases: /\b(?:categories|kinds|types|sorts) of (?:personal )?(?:data|details|information)\b/i,
    heading: /what we|details|information we|where/i,
  },
];
