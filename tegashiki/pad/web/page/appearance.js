// The page's language and theme: chosen by a button, kept in this browser.

import { say, speak, spoken } from "./i18n.js";
import { ALPHABETS } from "./recognizer.js";
import * as store from "./store.js";

const THEMES = ["auto", "light", "dark"];
const $ = (id) => document.getElementById(id);
const buttons = (id) => [$(id), ...document.querySelectorAll(`[data-as=${id}]`)];

/** { language, theme }: functions that set them; `changed` draws anew what does not follow by itself. */
export function appearance(changed) {
  const root = document.documentElement;

  function theme(chosen = "auto") {
    root.dataset.theme = chosen;
    for (const button of buttons("theme")) button.ariaLabel = button.title = say("theme", say(chosen));
    changed();
  }

  function language(chosen) {
    speak(chosen);
    for (const button of buttons("language")) {
      button.textContent = chosen === "ja" ? "English" : "日本語";
      button.lang = chosen === "ja" ? "en" : "ja";
    }
    for (const option of $("symbols").options) if (ALPHABETS.includes(option.value)) option.text = say(`alphabet-${option.value}`);
    theme(root.dataset.theme);
  }

  $("language").onclick = () => {
    language(spoken() === "ja" ? "en" : "ja");
    store.choose({ language: spoken() });
  };
  $("theme").onclick = () => {
    theme(THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length]);
    store.choose({ theme: root.dataset.theme });
  };
  return { language, theme };
}
