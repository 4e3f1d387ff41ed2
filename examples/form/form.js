// What is taken on the pad goes into the field. The policy of the page is strict: scripts from here only.

const field = document.querySelector("#answer"), pad = document.querySelector("tegashiki-pad");
pad.addEventListener("take", ({ detail }) => { field.value = detail.value; });
