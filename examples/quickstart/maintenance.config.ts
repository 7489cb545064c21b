import { defineConfig } from "maintenance-mode";

/** Read by the server and the command line, so that both use the same sites and the same state. */
export default defineConfig({
  sites: {
    shop: { hosts: ["shop.localhost"] },
    blog: { hosts: ["blog.localhost"] },
  },
  // The path of the admin. It passes the gate in any case; `explain` knows it only from here.
  operatorPaths: ["/maintenance/*"],
  // One exemption of each kind.
  exempt: {
    paths: ["/healthz"],
    methods: ["OPTIONS"],
    adminPaths: ["/admin/login"],
    addresses: ["10.0.0.42"],
    users: { staff: true },
  },
  readOnly: { reads: ["/search"] },
  jsonPaths: ["/api/*"],
  // Trusts a proxy on this machine, so that you can try `X-Forwarded-For: 10.0.0.42` by hand.
  trustProxy: ["127.0.0.0/8", "::1"],
  // The quickstart uses plain HTTP; omit this on a real site.
  secureCookies: false,
});
