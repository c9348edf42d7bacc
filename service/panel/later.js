/** Parts that are fetched when they are first shown, so that the rooms' pages carry nothing of them. */

import { useEffect, useState } from "preact/hooks";

import { html } from "./dom.js";
import { say } from "./words.js";

const styles = new Map(); // address → a promise that it is there

function styled(href) {
  if (!styles.has(href))
    styles.set(
      href,
      new Promise((resolve, reject) => {
        const link = document.createElement("link");
        Object.assign(link, { rel: "stylesheet", href, onload: resolve, onerror: reject });
        // Before the last one, which overrides.
        document.head.insertBefore(link, document.querySelector('link[href="sizes.css"]'));
      }).catch((error) => {
        styles.delete(href);
        throw error;
      }),
    );
  return styles.get(href);
}

/**
 * What a module exports as `Page`, with the properties that are left over.
 * @param {{load: () => Promise<{Page: Function}>, css: string[]}} properties
 */
export function Later({ load, css, ...given }) {
  const [come, setCome] = useState({ Page: null, failed: false });
  useEffect(() => {
    let wanted = true;
    Promise.all([load(), ...css.map(styled)]).then(
      ([{ Page }]) => wanted && setCome({ Page, failed: false }),
      () => wanted && setCome({ Page: null, failed: true }),
    );
    return () => (wanted = false);
  }, [load]);
  if (come.Page) return html`<${come.Page} ...${given} />`;
  if (!come.failed) return html`<div class="blank"><span class="turning"></span></div>`;
  // A browser does not ask twice for a module that failed: only a new page does.
  return html`<div class="blank"><div class="not-loaded" role="alert"><p>${say("notLoaded")}</p>
    <button class="choice" data-action="reload" onClick=${() => location.reload()}>${say("tryAgain")}</button></div></div>`;
}
