import worker from "./bundle.js";

const request = new Request("https://shop.example/");
console.log((await worker.fetch(request)).status, (await worker.fetchClosed(request)).status);
process.exit();
