/**
 * Raw HTML in a notice: what a browser shows of it is words, the rest was told to nobody. Where tags cannot be read
 * to their end, what follows is taken as hidden: a quote then refuses, and never stands on words nobody saw.
 */

/** Stands where a block of HTML begins or ends: no quote runs across it. */
export const boundary = '\u2029';
/** Folded to nothing, so that a word with a tag inside stays one word. */
const nothing = '\u200B';

/** Elements without an end tag. */
const voids: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta source track wbr'.split(' '),
);
/** Elements that stand within a line; a tag of any other name begins a block of its own. */
const inline: ReadonlySet<string> = new Set(
  'a abbr acronym b bdi bdo big br cite code data dfn em font i img ins kbd label mark q samp small span strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);
/** Elements whose content is not read as words of the notice: never shown, shown struck out, or shown in place of it. */
const unread: ReadonlySet<string> = new Set(
  'audio canvas datalist del dialog head iframe noembed noframes noscript object s script strike style template title video'.split(
    ' ',
  ),
);
/** Elements whose content is not HTML: they end at the first end tag of their name. */
const raw: ReadonlySet<string> = new Set(['script', 'style', 'title', 'iframe', 'noembed', 'noframes']);

type Tag = {
  readonly kind: 'open' | 'close' | 'other';
  readonly name: string;
  /** Where it stands; `end` is that of the text where it is never closed. */
  readonly start: number;
  readonly end: number;
  readonly hidden: boolean;
};

/** The text with tags, and elements that are not shown, blanked out; every line stays, and every character keeps its place. */
export function withoutMarkup(text: string): string {
  let shown = '';
  let at = 0;
  for (let tag = nextTag(text, 0); tag !== null; tag = nextTag(text, at)) {
    const end = endOfHidden(text, tag);
    shown += text.slice(at, tag.start) + blanked(text.slice(tag.start, end), tag);
    at = end;
  }
  return shown + text.slice(at);
}

function blanked(hidden: string, tag: Tag): string {
  const within = tag.kind !== 'other' && inline.has(tag.name);
  const first = tag.name === 'br' ? ' ' : within ? nothing : boundary;
  return first + hidden.slice(1).replace(/[^\r\n]/g, nothing);
}

/** The end of a tag, or of the whole element where it is not shown: of the text, where it has no end. */
function endOfHidden(text: string, tag: Tag): number {
  if (tag.kind !== 'open' || voids.has(tag.name) || !(tag.hidden || unread.has(tag.name))) return tag.end;
  if (raw.has(tag.name)) {
    const close = new RegExp(`</${tag.name}(?=[\\s/>])[^>]*(?:>|$)`, 'gi');
    close.lastIndex = tag.end;
    return close.exec(text) === null ? text.length : close.lastIndex;
  }
  let open = 1;
  for (let next = nextTag(text, tag.end); next !== null; next = nextTag(text, next.end)) {
    if (next.name !== tag.name || next.kind === 'other') continue;
    open += next.kind === 'open' ? 1 : -1;
    if (open === 0) return next.end;
  }
  return text.length;
}

const autolink = /<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>"'=/]+@[^\s<>"'=/]+)>/y;

/** The next tag, declaration or instruction; an address between angle brackets is words. */
function nextTag(text: string, from: number): Tag | null {
  const opening = /<[A-Za-z/!?]/g;
  opening.lastIndex = from;
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    autolink.lastIndex = match.index;
    if (!autolink.test(text)) return readTag(text, match.index);
    opening.lastIndex = autolink.lastIndex;
  }
  return null;
}

/** Reads a tag as a browser does: a `>` inside a quoted value does not end it. */
function readTag(text: string, start: number): Tag {
  const read = reader(text, start);
  const opened = read(/<(\/?)([A-Za-z][^\s/>]*)/y);
  if (opened === null) return { kind: 'other', name: '', start, end: otherEnd(text, start), hidden: false };
  let hidden = false;
  for (;;) {
    read(/[\s/]+/y);
    if (read(/>|$/y) !== null) break;
    const name = (read(/=?[^\s/>=]*/y)?.[0] ?? '').toLowerCase();
    const value = read(/\s*=\s*/y) === null ? '' : (read(/"[^"]*(?:"|$)|'[^']*(?:'|$)|[^\s>]*/y)?.[0] ?? '');
    hidden ||= name === 'hidden' || (name === 'style' && unseen.test(value));
  }
  const kind = opened[1] === '/' ? 'close' : 'open';
  return { kind, name: (opened[2] ?? '').toLowerCase(), start, end: read.at(), hidden };
}

const unseen =
  /display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:opacity|font-size)\s*:\s*0(?![.\d]*[1-9])/i;

/** Declarations, instructions and character data, and end tags of no name. */
function otherEnd(text: string, start: number): number {
  const close = text.startsWith('<![CDATA[', start) ? ']]>' : text.startsWith('<?', start) ? '?>' : '>';
  const end = text.indexOf(close, start);
  return end < 0 ? text.length : end + close.length;
}

/** Matches sticky patterns one after the other; null where one does not match at the place reached. */
function reader(text: string, start: number) {
  let at = start;
  const read = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at += match[0].length;
    return match;
  };
  return Object.assign(read, { at: () => at });
}
