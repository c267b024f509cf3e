const box = document.getElementById("show");
const password = document.getElementById("password");
box.parentElement.hidden = false;
box.addEventListener("change", () => {
  password.type = box.checked ? "text" : "password";
});
