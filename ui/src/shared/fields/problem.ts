/** What a control could not read from the typed text: a key of `shared` texts with its blanks. */
export interface Problem {
  key: string;
  blanks?: Record<string, string | number>;
}
