/** Lines laid out in plain text. Widths are counted before colours are put on. */

/** Words folded to lines of at most `width`, each begun with `indent`; a longer word stands alone. */
export function wrapped(text: string, width: number, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((w) => w !== '')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, indent + line];
}

/** The longest of the texts, in characters. */
export function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, text.length), 0);
}

/** Two columns; the last is not padded. */
export function columns(rows: readonly (readonly string[])[], gap: string): readonly string[] {
  const widths = (rows[0] ?? []).map((_, i) => widest(rows.map((row) => row[i] ?? '')));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join(gap)
      .trimEnd(),
  );
}
