import { Router } from "express";
import { html } from "./html.ts";
import { sendPage } from "./layout.ts";

const posts = [
  { slug: "opening", title: "We have opened", text: "From nine to six, and on Saturdays until noon." },
  { slug: "lamps", title: "On reading lamps", text: "The best light comes from behind the left shoulder." },
];

/** The pages of blog.localhost. */
export function blog(): Router {
  const router = Router();
  router.get("/", (_request, response) => {
    const rows = posts.map(({ slug, title }) => html`<li><a href="/posts/${slug}">${title}</a></li>`);
    sendPage(response, "Notes", html`<ul class="rows">${rows}</ul>`);
  });
  router.get("/posts/:slug", (request, response, next) => {
    const post = posts.find(({ slug }) => slug === request.params.slug);
    if (post === undefined) next();
    else sendPage(response, post.title, html`<p>${post.text}</p>`);
  });
  return router;
}
