// The look of the element; colours and sizes can be set from outside by these properties.

export const STYLE = `
:host {
  --ink: #14213d; --accent: #1f6feb; --chosen: #c2410c; --unread: #a8672a; --paper: #fff; --line: #d9d5cb; --text: #22242a;
  display: grid; grid-template-rows: minmax(120px, 1fr) auto auto; gap: 6px; min-height: 220px; color: var(--text);
  font: 16px/1.4 system-ui, sans-serif; position: relative;
}
:host([hidden]) { display: none; }
.pad { position: relative; min-height: 0; }
canvas { position: absolute; inset: 0; width: 100%; height: 100%; box-sizing: border-box; touch-action: none; user-select: none;
  -webkit-user-select: none; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); cursor: crosshair; }
canvas:focus-visible, button:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
ol { list-style: none; margin: 0; padding: 0; display: flex; gap: 6px; overflow-x: auto; min-height: 46px; }
button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; min-height: 40px;
  min-width: 40px; padding: 2px 10px; cursor: pointer; white-space: nowrap; }
button:disabled { opacity: 0.45; cursor: default; }
.row { display: flex; gap: 6px; align-items: center; }
[role="status"] { flex: 1; font-size: 0.85em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;
