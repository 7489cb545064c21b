import type { RenderView } from "../shared/view.ts";

/** An object that renders a view: a response inside an app, or the app itself. */
export interface Rendering {
  render?(view: string, context: object, callback: (error: Error, html: string) => void): void;
}

/** Returns a function that renders the views of Express. */
export function viewsOf(renderer: Rendering): RenderView {
  return (view, context) =>
    new Promise((resolve, reject) => {
      if (renderer.render === undefined) throw new TypeError("there are no views here");
      renderer.render(view, context, (error, html) => (error ? reject(error) : resolve(html)));
    });
}
