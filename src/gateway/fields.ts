/** The fields of a deed in words for people, made from its schema: a table and errors say the same. */
import { z } from 'zod';

export type Field = {
  readonly name: string;
  readonly needed: boolean;
  /** What may stand there, as in "a number above 0". */
  readonly what: string;
  /** A name for that where it is long: the table explains it once. */
  readonly called: string | undefined;
};

export function fieldsOf(schema: z.ZodObject): readonly Field[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema);
  return Object.entries(properties).flatMap(([name, one]) => {
    if (name === 'do' || typeof one === 'boolean') return [];
    const needed = required.includes(name);
    return [{ name, needed, what: wordsOf(one), called: one.description }];
  });
}

type Described = z.core.JSONSchema.BaseSchema;

function wordsOf(one: Described): string {
  if (one.enum !== undefined) return `one of ${one.enum.join(', ')}`;
  if (one.anyOf !== undefined) return one.anyOf.map(wordsOf).join(' or ');
  if (one.const !== undefined) return String(one.const);
  if (one.type === 'boolean') return 'true or false';
  if (one.type === 'string')
    return one.minLength === undefined ? 'a text' : 'a text that is not empty';
  return `a ${one.type === 'integer' ? 'whole number' : 'number'}${rangeOf(one)}`;
}

/** Every whole number has bounds of the language's own, which nobody has asked for. */
function rangeOf({ exclusiveMinimum, minimum, maximum }: Described): string {
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const least = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? undefined : minimum;
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}`;
  if (least === undefined) return '';
  return most === undefined ? ` from ${least} up` : ` from ${least} to ${most}`;
}

/** What is wrong with the fields of a deed. */
export function fieldProblem(schema: z.ZodObject, value: object, error: z.ZodError): string {
  const fields = fieldsOf(schema);
  return error.issues.map((issue) => problemOf(fields, value, issue)).join('; ');
}

function problemOf(fields: readonly Field[], value: object, issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const those = issue.keys.map((key) => JSON.stringify(key)).join(', ');
    const known = fields.map(({ name }) => name).join(', ');
    return `${those} is no field of it; ${known === '' ? 'it has none' : `it has ${known}`}`;
  }
  const field = fields.find(({ name }) => name === issue.path[0]);
  if (field === undefined) return issue.message;
  const given: unknown = Reflect.get(value, field.name);
  return given === undefined
    ? `it needs "${field.name}": ${field.what}`
    : `"${field.name}" is ${field.what}, not ${JSON.stringify(given)}`;
}
