"""Parses each file given by the grammar of pynescript, and prints a line of JSON for each: the file, and what is wrong with it or null."""

import json
import sys

from antlr4 import CommonTokenStream, FileStream
from antlr4.atn.PredictionMode import PredictionMode
from pynescript.ast.grammar.antlr4.error_listener import PinescriptErrorListener
from pynescript.ast.grammar.antlr4.lexer import PinescriptLexer
from pynescript.ast.grammar.antlr4.parser import PinescriptParser


def fault(path):
    lexer = PinescriptLexer(FileStream(path, encoding="utf-8"))
    parser = PinescriptParser(CommonTokenStream(lexer))
    # pynescript's own parse() predicts by the full context, which takes minutes. What passes by the shorter one (SLL) passes by the full one too;
    # ANTLR's documentation of PredictionMode says so.
    parser._interp.predictionMode = PredictionMode.SLL
    for one in (lexer, parser):
        one.removeErrorListeners()
        one.addErrorListener(PinescriptErrorListener.INSTANCE)
    try:
        parser.start_script()
    except SyntaxError as error:
        return str(error)
    except Exception as error:  # pynescript's SyntaxError is its own
        return f"{type(error).__name__}: {error}"
    return None


for path in sys.argv[1:]:
    print(json.dumps({"path": path, "fault": fault(path)}), flush=True)
