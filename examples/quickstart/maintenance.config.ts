import { defineConfig } from "maintenance-mode";

/** Read by the server and by the command line: both act on the same sites and the same state. */
export default defineConfig({
  sites: {
    shop: { hosts: ["shop.localhost"] },
    blog: { hosts: ["blog.localhost"] },
  },
  // Where the server mounts the admin. It would pass in any case; named here, `explain` knows it too.
  operatorPaths: ["/maintenance/*"],
  // Who gets in although a site is closed: one of each kind.
  exempt: {
    paths: ["/healthz"],
    methods: ["OPTIONS"],
    adminPaths: ["/admin/login"],
    addresses: ["10.0.0.42"],
    users: { staff: true },
  },
  readOnly: { reads: ["/search"] },
  jsonPaths: ["/api/*"],
  // A proxy on this machine is believed, so that `X-Forwarded-For: 10.0.0.42` can be tried by hand.
  trustProxy: ["127.0.0.0/8", "::1"],
  // The quickstart is served over plain HTTP; a real site leaves this out.
  secureCookies: false,
});
