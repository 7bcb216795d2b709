/** A template that cannot be deployed here; the message names the place in it and what to change. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}
