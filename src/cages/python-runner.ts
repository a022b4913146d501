/**
 * What runs in Pyodide before any function of a user: it takes the ways to JavaScript out of Python, and gives back what reads a
 * function. It holds what it needs itself, so that a function which changes modules changes its own results alone.
 */
export const pythonRunner = `
import builtins
# What is defined from here on has these, and each function has its own: one that changes builtins would change what all others give.
__builtins__ = dict(vars(builtins))

def _runner():
    own_builtins = dict(__builtins__)
    import _imp, datetime, decimal, gc, json, os, random, re, sys, time, traceback, types
    from importlib.machinery import BuiltinImporter, FrozenImporter, PathFinder

    # The snapshot holds the seed of the build.
    random.seed()

    def is_bridge(name):
        return name.split('.')[0] in ('js', 'pyodide_js', 'pyodide', '_pyodide', '_pyodide_core', 'pyodide_http', 'ctypes', '_ctypes')

    class NoBridge:
        def find_spec(self, name, path=None, target=None):
            if is_bridge(name):
                raise ModuleNotFoundError("No module named " + repr(name), name=name)
            return None

    # Those of Pyodide need what is taken away below.
    own = (BuiltinImporter, FrozenImporter, PathFinder)
    sys.meta_path[:] = [NoBridge()] + [finder for finder in sys.meta_path if finder in own]
    time.sleep = getattr(time.sleep, '__wrapped__', time.sleep)
    create = _imp.create_builtin

    def create_builtin(spec):
        if is_bridge(spec.name):
            raise ModuleNotFoundError("No module named " + repr(spec.name), name=spec.name)
        return create(spec)

    _imp.create_builtin = create_builtin
    # Apart from the rest, since the code that runs this is among what it takes away.
    def seal():
        for name in list(sys.modules):
            if is_bridge(name):
                module = sys.modules.pop(name)
                if isinstance(module, types.ModuleType):
                    module.__dict__.clear()
        for one in gc.get_objects():
            if type(one).__name__ in ('JsFinder', 'JsLoader'):
                one.__dict__.clear()
        globals().pop('_pyodide_core', None)

    os.environ.clear()
    text_of = json.JSONEncoder
    loads = json.loads
    format_frames = traceback.extract_tb

    def other(value):
        if isinstance(value, (datetime.date, datetime.time, decimal.Decimal)):
            return str(value)
        raise TypeError('a value of type ' + type(value).__name__ + ' has no form in a table; give text, a number, a truth value, a list or a dict')

    encode = text_of(check_circular=False, separators=(',', ':'), default=other, allow_nan=False).encode
    encode_within = text_of(separators=(',', ':'), default=other, allow_nan=False).encode

    escapes = re.compile(r'\\\\(?:ud[89ab]..\\\\ud[c-f]..|(ud[89a-f])|.)').finditer

    # A pair of surrogates is a character, half of one is nothing that a table holds.
    def whole(text):
        if '\\\\ud' in text and any(one.group(1) for one in escapes(text)):
            raise UnicodeError("a text has a lone surrogate, half of a character; take it out, as text.encode('utf-8', 'replace').decode() does")
        return text

    def lines_of(numbers, rows):
        parts = range(0, len(rows), 1000)
        return '\\n'.join([whole(encode({'n': numbers[at:at + 1000], 'r': rows[at:at + 1000]})) for at in parts]).encode('ascii')

    readers = {
        'integer': int,
        'decimal': decimal.Decimal,
        'float': float,
        'boolean': lambda text: text == 'true',
        'date': datetime.date.fromisoformat,
        'timestamp': datetime.datetime.fromisoformat,
        'variant': loads,
    }

    def column_of(kind, texts):
        reader = readers.get(kind)
        return texts if reader is None else [None if text is None else reader(text) for text in texts]

    def said(error, file):
        kind = type(error).__name__
        text = str(error)
        lines = [frame.lineno for frame in format_frames(error.__traceback__) if frame.filename == file]
        if isinstance(error, SyntaxError) and error.filename == file:
            lines = [error.lineno]
            text = error.msg
        place = ' (line ' + str(lines[-1]) + ' of its body)' if lines else ''
        return kind + (': ' + text if text else '') + place

    def read(definition):
        definition = loads(definition)
        name, handler, strict = definition['name'], definition['handler'], definition['isStrict']
        kinds = [one['kind'] for one in definition['arguments']]
        columns = definition['columns']
        width = len(columns)
        variants = [place for place, one in enumerate(columns) if one['kind'] == 'variant']
        file = '<' + name + '>'
        module = types.ModuleType('handler')
        module.__builtins__ = dict(own_builtins)
        try:
            exec(compile(definition['code'], file, 'exec'), module.__dict__)
        except MemoryError:
            raise
        except BaseException as error:
            raise Failure(said(error, file)) from None
        target = module.__dict__.get(handler)
        if target is None:
            raise Failure('HANDLER ' + handler + ' is not in its body')
        if definition['isTable'] and not (isinstance(target, type) and hasattr(target, 'process')):
            raise Failure('HANDLER ' + handler + ' is no class with a method process, which a function that returns a table has')

        def check_rows(rows):
            if set(map(type, rows)) <= {tuple, list} and set(map(len, rows)) <= {width}:
                return
            for row in rows:
                if not isinstance(row, (tuple, list)):
                    raise TypeError('process gives a ' + type(row).__name__ + ' for a row; give a tuple')
                if len(row) != width:
                    raise TypeError('process gives a row of ' + str(len(row)) + ' values; the table has ' + str(width))

        def call_table(numbers, tuples, given_numbers, rows):
            end = next((one for one in ('end_partition', 'end_process') if hasattr(target, one)), None)
            process = target().process if end is None else None
            add, add_one, count = rows.extend, given_numbers.append, rows.__len__
            before = 0
            for number, given in zip(numbers, tuples):
                if end is not None:
                    one = target()
                    process = one.process
                if not (strict and None in given):
                    result = process(*given)
                    if result is not None:
                        add(result)
                if end is not None:
                    result = getattr(one, end)()
                    if result is not None:
                        add(result)
                after = count()
                if after - before == 1:
                    add_one(number)
                elif after > before:
                    given_numbers.extend([number] * (after - before))
                before = after
            check_rows(rows)

        def call_value(numbers, tuples, given_numbers, rows):
            given_numbers.extend(numbers)
            rows.extend([(None if strict and None in given else target(*given),) for given in tuples])

        run = call_table if definition['isTable'] else call_value

        def finite(rows):
            return [[str(value) if isinstance(value, float) and value - value != 0 else value for value in row] for row in rows]

        def batch(body):
            try:
                numbers, *texts = loads(body)
                tuples = zip(*map(column_of, kinds, texts)) if kinds else [()] * len(numbers)
                del body, texts
                given_numbers, rows = [], []
                run(numbers, tuples, given_numbers, rows)
                if variants:
                    rows = [[encode_within(value) if at in variants and value is not None else value for at, value in enumerate(row)] for row in rows]
                try:
                    return lines_of(given_numbers, rows)
                except ValueError:
                    return lines_of(given_numbers, finite(rows))
            except MemoryError:
                raise
            except BaseException as error:
                raise Failure(said(error, file)) from None

        return batch

    class Failure(Exception):
        pass

    reading = {'of': None}

    # Answers are a pair, since an exception would bring Python's own account of it.
    def guarded(work, *given):
        gc.disable()
        try:
            return (True, work(*given))
        except MemoryError:
            return (False, 'memory')
        except Failure as failure:
            return (False, str(failure))
        except BaseException as error:
            return (False, type(error).__name__ + ': ' + str(error))
        finally:
            gc.enable()
            gc.collect(0)

    def room(length):
        return bytearray(length)

    return (lambda definition: guarded(read, definition)), guarded, room, seal

_runner()
`
