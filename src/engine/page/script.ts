/**
 * The script of the page. Constant, so that its hash is too: everything variable is read from `data-` attributes of `main`.
 *
 * The end is shown in the reader's own time zone and format (a British reader of the English texts gets 22:00, not 10:00 PM), with a
 * countdown that is not announced by screen readers; seconds are shown only in the last five minutes.
 *
 * Return to the site. The script sends a `HEAD` request to this URL, every 30 to 60 seconds at first, then less often, and once shortly
 * after the known end; never while the tab is hidden. All intervals have jitter, so that readers do not all return in the same second.
 * The site is open if the answer has no `Maintenance` field and is not a gateway's error; another version in the field means that the
 * page has changed. A redirect counts as an answer and is not followed: it may lead to an origin that `fetch` cannot reach. The page is
 * reloaded with `location.replace`, which adds no entry to the history, or with `location.reload` if the URL has a fragment, to which
 * `replace` would only scroll.
 *
 * A page that answers a request with a body (`data-open`) is never replaced: it would send a GET to the address of a POST, and the way
 * back to the form would be lost. It says when the site is open, and links back. A read-only site is not checked, since a `HEAD` passes.
 */
export const PAGE_SCRIPT: string = `(() => {
  const { mode, until, version, soon, open } = document.querySelector("main").dataset;
  const end = Number(until);
  const page = document.documentElement.lang;
  const primary = (tag) => tag.split("-")[0];
  const language = navigator.languages.find((tag) => primary(tag) === primary(page)) || page;
  const find = (name) => document.getElementById(name);

  const date = (options) => new Intl.DateTimeFormat(language, options);

  const sayEnd = () => {
    const day = date({ weekday: "long", day: "numeric", month: "long" }).format(end);
    const zone = date({ timeZoneName: "long" }).formatToParts(end).find((part) => part.type === "timeZoneName").value;
    find("hour").textContent = date({ timeStyle: "short" }).format(end);
    find("day").textContent = day;
    find("zone").textContent = zone;
  };

  const timeLeft = () => {
    const seconds = Math.ceil((end - Date.now()) / 1000);
    if (seconds <= 0) return soon;
    const minutes = Math.ceil(seconds / 60);
    const hours = Math.floor(minutes / 60);
    const parts =
      hours >= 24 ? { day: Math.floor(hours / 24), hour: hours % 24 }
      : hours > 0 ? { hour: hours, minute: minutes % 60 }
      : minutes > 5 ? { minute: minutes }
      : { minute: Math.floor(seconds / 60), second: seconds % 60 };
    return Object.keys(parts)
      .filter((unit) => parts[unit] > 0)
      .map((unit) => new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(parts[unit]))
      .join(" ");
  };

  const countDown = () => {
    const text = timeLeft();
    if (find("left").textContent !== text) find("left").textContent = text;
    find("countdown").hidden = false;
  };

  const comeBack = () => {
    let pause = 30000;
    let timer;
    let done;
    let checked = Date.now();

    const plan = () => {
      clearTimeout(timer);
      if (document.hidden || done) return;
      let delay = pause * (1 + Math.random());
      pause = Math.min(pause * 1.5, 120000);
      const left = end - Date.now();
      if (left > 0 && left < delay) {
        delay = left + Math.random() * 20000;
        pause = 30000;
      }
      timer = setTimeout(check, delay);
    };

    const isClosed = (answer) => {
      const field = answer.headers.get("maintenance");
      if (!field) return [502, 503, 504].includes(answer.status);
      if (open) return true;
      const [, known] = /version=(\\d+)/.exec(field) || [];
      return !field.startsWith("bypass") && (!known || known === version);
    };

    const check = async () => {
      checked = Date.now();
      try {
        const answer = await fetch(location.href, {
          method: "HEAD", cache: "no-store", credentials: "same-origin", redirect: "manual",
        });
        if (!isClosed(answer)) return goOn();
      } catch {}
      plan();
    };

    const goOn = () => {
      if (!open) return location.hash ? location.reload() : location.replace(location.href);
      done = true;
      find("open").textContent = open;
      for (const part of document.querySelectorAll(".end, .mode")) part.hidden = true;
    };

    addEventListener("pageshow", (event) => event.persisted && !done && check());

    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && !done && Date.now() - checked > 5000) check();
      else plan();
    });
    plan();
  };

  const host = find("host");
  if (host && !/^xn--|\\.xn--/.test(location.hostname)) {
    host.textContent = location.hostname;
    host.hidden = !host.textContent;
  }
  for (const time of document.querySelectorAll(".facts time")) {
    time.textContent = date({ dateStyle: "medium", timeStyle: "short" }).format(new Date(time.dateTime));
  }
  if (mode !== "read-only") comeBack();
  if (open && history.length > 1) {
    find("back").hidden = false;
    find("back").onclick = () => history.back();
  }
  if (until) {
    sayEnd();
    countDown();
    setInterval(countDown, 1000);
  }
})();`;
