// The window has done what it was opened for. A browser that does not let it close leaves the words to read.
window.close();
