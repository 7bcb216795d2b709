/** The pages behind the link of a notice: the question, and what became of the answer. No scripts, nothing from outside. */

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0; display: grid; place-items: center; min-height: 100vh; background: Canvas; color: CanvasText; }
  main { max-width: 34rem; padding: 2rem; border: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); border-radius: 12px; }
  h1 { margin: 0 0 .5rem; font-size: 1.3rem; }
  dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; } dt { opacity: .7; } dd { margin: 0; word-break: break-all; }
  label { display: block; margin-top: 1rem; } input { width: 100%; box-sizing: border-box; font: inherit; padding: .5rem; }
  p.buttons { display: flex; gap: 1rem; } button { flex: 1; font: inherit; padding: .6rem; border-radius: 8px; border: 1px solid; cursor: pointer; }
  button[value=approved] { background: #1a7f37; color: #fff; border-color: #1a7f37; }`;

const page = (title: string, content: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>${escaped(title)}</title><style>${style}</style><main><h1>${escaped(title)}</h1>${content}</main></html>`;

/** @param about what the link says it is about; shown, and believed by nobody: the token alone counts. */
export function questionPage(token: string, about: readonly (readonly [string, string])[]): string {
  const facts = about.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join("");
  return page(
    "Let this model go live?",
    `<p>The candidate has won by every rule. It goes live only if you say so.</p><dl>${facts}</dl>` +
      `<form method="post"><input type="hidden" name="token" value="${escaped(token)}">` +
      `<label>Your name<input name="actor" required maxlength="100" autocomplete="name"></label>` +
      `<p class="buttons"><button name="answer" value="approved">Let it go live</button>` +
      `<button name="answer" value="rejected">Keep the live model</button></p></form>`,
  );
}

export const answeredPage = (answer: string, actor: string): string =>
  page(
    answer === "approved" ? "Approved" : "Rejected",
    `<p>Noted, ${escaped(actor)}. ${answer === "approved" ? "The campaign is being given the new model." : "The live model stays."} The run's notice tells how it ended.</p>`,
  );

export const gonePage = (): string =>
  page(
    "Too late",
    "<p>This question has been answered before, or the time for it is over. The run's notice tells how it ended.</p>",
  );

export const brokenPage = (): string =>
  page(
    "That is not a whole link",
    "<p>Open the link of the notice again; mail programs sometimes cut long links in two.</p>",
  );
