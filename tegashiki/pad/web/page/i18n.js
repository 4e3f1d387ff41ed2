// What the page says, in English and Japanese. `say("erased", 3)` fills {0}.

const MESSAGES = {
  en: {
    loading: "Loading…", ready: "Ready", offline: "Recogniser not loaded", thinking: "Reading…",
    tooMany: "Only the first {0} strokes are read", language: "日本語に切り替える", theme: "Theme: {0}",
    auto: "automatic", light: "light", dark: "dark", settings: "Settings", close: "Close",
    again: "Try again", document: "Document line", documentTex: "TeX of the document line",
    documentHint: "The TeX you take appears here", copy: "Copy as", copied: "Copied: {0}",
    notCopied: "The browser did not allow copying; the text is selected instead",
    reading: "What was read", preview: "Best reading; choose a symbol to change it",
    pad: "Pad", surface: "Writing surface", hint: "Write a formula here",
    tools: "Tools", tool: "Tool", pen: "Pen", eraser: "Eraser", lasso: "Lasso", undo: "Undo",
    redo: "Redo", clear: "Clear", symbols: "Symbols", all: "All symbols", digits: "Digits and operators",
    letters: "Letters", wrong: "Not right?", alternatives: "Other readings of this symbol",
    free: "Let it be recognised", truth: "The right TeX",
    keep: "Keep this ink and its TeX on this device",
    keepHint: "It stays in this browser until you export or forget it. Without this, the correction helps only until the page is closed.",
    cancel: "Cancel", take: "Take it", delete: "Delete", deselect: "Deselect",
    kept: "Corrections kept on this device: {0}", exportPairs: "Export corrections",
    exportInk: "Export this ink", forget: "Forget everything kept here",
    forgotten: "Everything kept here was forgotten", history: "History",
    historyHint: "Formulas taken since the page was opened; choose one to take it again.",
    keyboard: "Keyboard",
    keys: "1 to 5 take a candidate, Enter the first. Ctrl+Z undo, Ctrl+Y redo, Shift+Delete clear. P pen, E eraser, L lasso. [ and ] choose a stroke, the arrows move it, Delete deletes it, Escape lets it go.",
    about: "Everything is computed on this device; nothing is sent anywhere.", licences: "Licences",
    candidate: "Candidate {0}: {1}", best: "{0}", nothing: "No ink", pinned: "Pinned: {0}",
    taken: "Taken: {0}", symbol: "Symbol {0}: change it", learned: "Remembered",
    noFormula: "This cannot be read as a formula: {0}",
    "no-wasm": "WebAssembly is switched off in this browser, so nothing can be recognised. Switch it on and try again; your ink stays.",
    network: "A file of the recogniser could not be loaded. Check the connection and try again; your ink stays.",
    model: "The recogniser's model cannot be used. Your ink stays.",
    hash: "The recogniser's model is damaged or another one: it is not used. Clear this site's data or publish the page again; your ink stays.",
    worker: "The recogniser stopped. Your ink stays; try again.",
    ink: "This stroke could not be used.", formula: "This is no formula: {0}",
    storageFull: "This browser has no room left: the correction is used now, but not kept.",
    storageRefused: "This browser does not let the page keep anything: the correction is used now, but not kept.",
    detail: "({0})",
  },
  ja: {
    loading: "読み込み中…", ready: "準備完了", offline: "認識器は未読込です", thinking: "認識中…",
    tooMany: "最初の{0}画だけを認識します", language: "Switch to English", theme: "配色：{0}",
    auto: "自動", light: "明るい", dark: "暗い", settings: "設定", close: "閉じる", again: "もう一度",
    document: "文書の行", documentTex: "文書の行の TeX", documentHint: "選んだ TeX がここに入ります",
    copy: "コピーの形式", copied: "コピーしました：{0}",
    notCopied: "ブラウザがコピーを許可しませんでした。代わりに文字列を選択しました",
    reading: "認識結果", preview: "最有力の候補。記号を選ぶと直せます", pad: "手書きパッド",
    surface: "手書き欄", hint: "ここに数式を書いてください", tools: "道具", tool: "道具", pen: "ペン",
    eraser: "消しゴム", lasso: "投げなわ", undo: "元に戻す", redo: "やり直す", clear: "全消去",
    symbols: "文字の種類", all: "すべての文字", digits: "数字と演算子", letters: "文字のみ", wrong: "違いますか？",
    alternatives: "この記号の別の読み", free: "自動認識に任せる", truth: "正しい TeX",
    keep: "この筆跡と TeX をこの端末に残す",
    keepHint: "書き出すか消去するまで、このブラウザの中だけに残ります。残さない場合は、ページを閉じるまで役立ちます。",
    cancel: "やめる", take: "これにする", delete: "削除", deselect: "選択解除",
    kept: "この端末に残した訂正：{0} 件", exportPairs: "訂正を書き出す", exportInk: "今の筆跡を書き出す",
    forget: "残したものをすべて消す", forgotten: "残したものをすべて消しました", history: "履歴",
    historyHint: "ページを開いてから選んだ数式です。選ぶともう一度入ります。", keyboard: "キーボード",
    keys: "1〜5 で候補を選ぶ、Enter で先頭。Ctrl+Z 元に戻す、Ctrl+Y やり直す、Shift+Delete 全消去。P ペン、E 消しゴム、L 投げなわ。[ と ] で画を選び、矢印で動かし、Delete で消し、Escape で放す。",
    about: "計算はすべてこの端末で行われ、何も送信されません。", licences: "ライセンス",
    candidate: "候補 {0}：{1}", best: "{0}", nothing: "筆跡なし", pinned: "固定しました：{0}",
    taken: "選びました：{0}", symbol: "記号 {0} を直す", learned: "覚えました",
    noFormula: "数式として読めません：{0}",
    "no-wasm": "このブラウザでは WebAssembly が無効なため、認識できません。有効にしてもう一度お試しください。筆跡は残ります。",
    network: "認識器のファイルを読み込めませんでした。接続を確かめて、もう一度お試しください。筆跡は残ります。",
    model: "認識器のモデルを使えません。筆跡は残ります。",
    hash: "認識器のモデルが壊れているか、別のものです。使用しません。サイトのデータを消去するか、ページを公開し直してください。筆跡は残ります。",
    worker: "認識器が止まりました。筆跡は残ります。もう一度お試しください。",
    ink: "この画は使えませんでした。", formula: "数式ではありません：{0}",
    storageFull: "ブラウザに空きがありません。訂正は今は使われますが、残りません。",
    storageRefused: "このブラウザでは保存が許可されていません。訂正は今は使われますが、残りません。",
    detail: "（{0}）",
  },
};

let language = "en";

/** The text for `key`, {0}, {1} filled in; the key itself if nobody wrote them. */
export function say(key, ...values) {
  const text = MESSAGES[language][key] ?? MESSAGES.en[key] ?? key;
  return text.replace(/\{(\d)\}/g, (_, place) => values[place] ?? "");
}

/** "ja" where the browser prefers it, else "en". */
export function preferred(languages = navigator.languages ?? []) {
  const known = languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in MESSAGES);
  return known ?? "en";
}

/** Put the texts of a language into everything that is marked with data-i18n. */
export function speak(chosen, root = document) {
  language = chosen in MESSAGES ? chosen : "en";
  root.documentElement.lang = language;
  for (const node of root.querySelectorAll("[data-i18n]")) node.textContent = say(node.dataset.i18n);
  for (const node of root.querySelectorAll("[data-i18n-label]")) node.ariaLabel = say(node.dataset.i18nLabel);
  for (const node of root.querySelectorAll("[data-i18n-hint]")) node.placeholder = say(node.dataset.i18nHint);
  return language;
}

export const spoken = () => language;
