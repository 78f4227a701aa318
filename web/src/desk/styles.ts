// One file of styles for the desk and for paper: each further file would add a name to the start file.
import "./desk.css";
import "./print/print.css";
