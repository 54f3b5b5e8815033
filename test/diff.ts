/** A unified diff of two texts, for failures that a person reads. */

const CONTEXT = 3;

type Edit = { readonly mark: ' ' | '-' | '+'; readonly text: string; readonly line: number };

/** `file:line` of the first difference, then the hunks. Empty when the texts are equal. */
export function unifiedDiff(file: string, before: string, after: string): string {
  const edits = editsOf(before.split('\n'), after.split('\n'));
  const changed = edits.flatMap((edit, i) => (edit.mark === ' ' ? [] : [i]));
  const [first] = changed;
  if (first === undefined) return '';
  const lines = [`${file}:${edits[first]?.line ?? 1}: not what is written`];
  let until = -1;
  for (const at of changed) {
    if (at <= until) continue;
    const from = Math.max(until + 1, at - CONTEXT);
    let last = at;
    for (const next of changed) if (next > last && next - last <= 2 * CONTEXT) last = next;
    until = Math.min(edits.length - 1, last + CONTEXT);
    lines.push(`@@ line ${edits[from]?.line ?? 1} @@`);
    for (const edit of edits.slice(from, until + 1)) lines.push(`${edit.mark}${edit.text}`);
  }
  return lines.join('\n');
}

/** The shortest edits, by the longest common subsequence. Lines are numbered as in `before`. */
function editsOf(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const same = before[i] === after[j];
      const skip = Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
      common[i * width + j] = same ? (common[(i + 1) * width + j + 1] ?? 0) + 1 : skip;
    }
  }
  const edits: Edit[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const a = before[i];
    const b = after[j];
    if (a !== undefined && a === b) {
      edits.push({ mark: ' ', text: a, line: i + 1 });
      i += 1;
      j += 1;
      continue;
    }
    const drop = common[(i + 1) * width + j] ?? 0;
    const add = common[i * width + j + 1] ?? 0;
    if (a !== undefined && (b === undefined || drop >= add)) {
      edits.push({ mark: '-', text: a, line: i + 1 });
      i += 1;
    } else {
      edits.push({ mark: '+', text: b ?? '', line: i + 1 });
      j += 1;
    }
  }
  return edits;
}
