// Before the first paint, so that a chosen theme does not flash: the page's own scripts come after it.
const theme = localStorage.getItem('millrace-theme')
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
