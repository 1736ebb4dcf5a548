using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Unicode;
using ExcelDataReader;

namespace Exeunt.App.Features.Imports;

/// <summary>A file as rows of fields, one row at a time. The fields are valid until the next <see cref="Read"/>.</summary>
internal abstract class RowReader : IDisposable
{
    /// <summary>Line (or worksheet row) on which the current row begins, from 1.</summary>
    public long Line { get; protected set; }
    public abstract int Count { get; }

    /// <summary>A field of the current row; empty beyond the last.</summary>
    public abstract ReadOnlySpan<char> this[int field] { get; }

    /// <summary>The day that a field of the current row is by itself, not by its text: a date cell of a workbook.</summary>
    public virtual DateOnly? DayOf(int field) => null;

    /// <summary>Moves to the next row that is not empty; false at the end.</summary>
    /// <exception cref="ImportFileException">The file cannot be read on.</exception>
    public abstract bool Read();

    public abstract void Dispose();

    public string[] Fields() => [.. Enumerable.Range(0, Count).Select(i => this[i].ToString())];

    /// <summary>Opens a CSV file or a workbook, whichever it is by its first bytes (the stream must be seekable).</summary>
    public static RowReader Open(Stream stream, ImportMap? map)
    {
        Span<byte> start = stackalloc byte[4];
        var n = stream.ReadAtLeast(start, 4, throwOnEndOfStream: false);
        stream.Position = 0;
        if (n == 4 && start is [(byte)'P', (byte)'K', 3, 4])
            return new WorkbookRows(stream);
        if (n == 4 && start is [0xD0, 0xCF, 0x11, 0xE0])
            throw new ImportFileException(ImportRefusals.NotAWorkbook);
        return new CsvRows(stream, map?.Separator ?? ",", map?.IsWhitespace ?? false, map?.Encoding ?? "utf-8");
    }
}

/// <summary>
/// CSV (RFC 4180: quotes, CRLF or LF, a byte order mark) or fields parted by white space, read through one buffer. A NUL, a
/// broken quote, a wrong encoding or a line beyond <see cref="MaxLine"/> stops the file with its line and column.
/// </summary>
internal sealed class CsvRows : RowReader
{
    public const int MaxLine = 1_000_000;
    private readonly Stream _stream;
    private readonly StreamReader _reader;
    private readonly char _separator;
    private readonly bool _whitespace;
    private readonly string _encoding;
    private readonly List<(int Start, int Length)> _fields = [];
    private char[] _buffer = new char[1 << 16];
    private int _start;
    private int _end;
    private bool _atEnd;
    private long _nextLine = 1;

    public CsvRows(Stream stream, string separator, bool whitespace, string encoding)
    {
        (_stream, _separator, _whitespace, _encoding) = (stream, separator[0], whitespace, encoding);
        Span<byte> mark = stackalloc byte[2];
        if (stream.ReadAtLeast(mark, 2, throwOnEndOfStream: false) == 2 && mark is [0xFF, 0xFE] or [0xFE, 0xFF] && encoding == "utf-8")
            throw new ImportFileException(ImportRefusals.Encoding, 1, 1);
        stream.Position = 0;
        _reader = new StreamReader(stream, ImportMap.EncodingOf(encoding), detectEncodingFromByteOrderMarks: false, 1 << 16, leaveOpen: true);
        Fill();
        if (_end > 0 && _buffer[0] == '\uFEFF')
            _start = 1;
    }

    public override int Count => _fields.Count;

    public override ReadOnlySpan<char> this[int field] => field < _fields.Count ? _buffer.AsSpan(_fields[field].Start, _fields[field].Length) : default;

    public override bool Read()
    {
        while (true)
        {
            if (_start == _end && !Fill())
                return false;
            Line = _nextLine;
            if (_whitespace ? ReadWords() : ReadQuoted())
                return true;
        }
    }

    public override void Dispose() => _reader.Dispose();

    /// <summary>Reads a row; false for an empty line.</summary>
    private bool ReadQuoted()
    {
        _fields.Clear();
        var at = _start;
        while (true)
        {
            if (at == _end && More(ref at))
                continue;
            if (at < _end && _buffer[at] == '"')
            {
                ReadQuotedField(ref at);
            }
            else
            {
                var field = at;
                while (true)
                {
                    var rest = _buffer.AsSpan(at, _end - at);
                    var stop = rest.IndexOfAny(_separator, '\n', '\0');
                    if (stop >= 0)
                    {
                        at += stop;
                        break;
                    }
                    var offset = field - _start;
                    at = _end;
                    var more = More(ref at);
                    field = _start + offset;
                    if (!more)
                        break;
                }
                RefuseNul(at);
                var length = at - field;
                if ((at == _end || _buffer[at] == '\n') && length > 0 && _buffer[at - 1] == '\r')
                    length--;
                if (_buffer.AsSpan(field, length).Contains('"'))
                    throw new ImportFileException(ImportRefusals.Quote, _nextLine, field - _start + _buffer.AsSpan(field, length).IndexOf('"') + 1);
                _fields.Add((field, length));
            }
            if (at < _end && _buffer[at] == _separator)
            {
                at++;
                continue;
            }
            if (at < _end)
                at++;
            _start = at;
            _nextLine++;
            return _fields.Count > 1 || _fields[0].Length > 0;
        }
    }

    /// <summary>A quoted field, unescaped in place; <paramref name="at"/> is on the opening quote and ends behind the closing one.</summary>
    private void ReadQuotedField(ref int at)
    {
        var (openLine, openColumn) = (_nextLine, at - _start + 1);
        var field = at + 1 - _start;
        var write = field;
        at++;
        while (true)
        {
            if (at == _end && !More(ref at))
                throw new ImportFileException(ImportRefusals.Quote, openLine, openColumn);
            var c = _buffer[at];
            if (c == '\0')
                RefuseNul(at);
            if (c == '\n')
                _nextLine++;
            if (c == '"')
            {
                if (at + 1 == _end)
                {
                    at++;
                    if (!More(ref at))
                        break;
                    at--;
                }
                if (at + 1 < _end && _buffer[at + 1] == '"')
                    at++;
                else
                {
                    at++;
                    break;
                }
            }
            _buffer[_start + write++] = c;
            at++;
        }
        _fields.Add((_start + field, write - field));
        if (at < _end && _buffer[at] == '\r' && (at + 1 < _end || More(ref at)) && at + 1 < _end && _buffer[at + 1] == '\n')
            at++;
        if (at < _end && _buffer[at] != _separator && _buffer[at] != '\n' && !(_buffer[at] == '\r' && at + 1 == _end && _atEnd))
            throw new ImportFileException(ImportRefusals.Quote, _nextLine, at - _start + 1);
    }

    private bool ReadWords()
    {
        var at = _start;
        int stop;
        while ((stop = _buffer.AsSpan(at, _end - at).IndexOf('\n')) < 0)
        {
            at = _end;
            if (!More(ref at))
                break;
        }
        var end = stop < 0 ? _end : at + stop;
        _fields.Clear();
        for (var i = _start; i < end;)
        {
            RefuseNul(i);
            if (char.IsWhiteSpace(_buffer[i]))
            {
                i++;
                continue;
            }
            var word = i;
            while (i < end && !char.IsWhiteSpace(_buffer[i]))
                i++;
            _fields.Add((word, i - word));
        }
        _start = stop < 0 ? _end : end + 1;
        _nextLine++;
        return _fields.Count > 0;
    }

    private void RefuseNul(int at)
    {
        if (at < _end && _buffer[at] == '\0')
            throw new ImportFileException(ImportRefusals.BinaryText, _nextLine, at - _start + 1);
    }

    /// <summary>Gets more text behind the current row, moving the row to the front; false at the end of the file.</summary>
    private bool More(ref int at)
    {
        if (_atEnd)
            return false;
        // Filling moves the row to the front even when nothing follows.
        var moved = _start;
        var more = Fill();
        at -= moved - _start;
        return more;
    }

    private bool Fill()
    {
        if (_atEnd)
            return false;
        var kept = _end - _start;
        if (kept > MaxLine)
            throw new ImportFileException(ImportRefusals.LineTooLong, _nextLine, MaxLine);
        if (kept + (1 << 15) > _buffer.Length)
        {
            var larger = new char[_buffer.Length * 2];
            _buffer.AsSpan(_start, kept).CopyTo(larger);
            _buffer = larger;
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, kept).CopyTo(_buffer);
        }
        if (_start > 0)
            for (var i = 0; i < _fields.Count; i++)
                _fields[i] = (_fields[i].Start - _start, _fields[i].Length);
        (_start, _end) = (0, kept);
        try
        {
            var n = _reader.Read(_buffer, _end, _buffer.Length - _end);
            _atEnd = n == 0;
            _end += n;
            return n > 0;
        }
        catch (DecoderFallbackException)
        {
            throw WrongEncoding();
        }
    }

    /// <summary>Looks for the first line that is not UTF-8.</summary>
    private ImportFileException WrongEncoding()
    {
        if (_encoding != "utf-8")
            return new ImportFileException(ImportRefusals.Encoding, _nextLine);
        _stream.Position = 0;
        var line = new List<byte>();
        var number = 1L;
        using var bytes = new BufferedStream(_stream, 1 << 16);
        for (var b = bytes.ReadByte(); ; b = bytes.ReadByte())
        {
            if (b is not (-1 or '\n'))
            {
                line.Add((byte)b);
                if (line.Count < MaxLine)
                    continue;
            }
            var text = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(line);
            if (!Utf8.IsValid(text))
            {
                var column = 1;
                while (Rune.DecodeFromUtf8(text, out _, out var used) == System.Buffers.OperationStatus.Done)
                {
                    text = text[used..];
                    column++;
                }
                return new ImportFileException(ImportRefusals.Encoding, number, column);
            }
            if (b == -1)
                return new ImportFileException(ImportRefusals.Encoding, number);
            line.Clear();
            number++;
        }
    }
}

/// <summary>The first worksheet of an .xlsx workbook; a formula counts with the value that was saved with it.</summary>
internal sealed class WorkbookRows : RowReader
{
    private const long MaxUnpacked = 512L << 20;
    private const int MaxRows = 1_048_576;
    private readonly IExcelDataReader _reader;
    private string[] _fields = [];
    private DateOnly?[] _days = [];

    public WorkbookRows(Stream stream)
    {
        RefuseBomb(stream);
        stream.Position = 0;
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        _reader = Guarded(() => ExcelReaderFactory.CreateOpenXmlReader(stream, new ExcelReaderConfiguration { LeaveOpen = true }));
    }

    public override int Count => _fields.Length;

    public override ReadOnlySpan<char> this[int field] => field < _fields.Length ? _fields[field] : default;

    public override DateOnly? DayOf(int field) => field < _days.Length ? _days[field] : null;

    public override bool Read()
    {
        while (Guarded(_reader.Read))
        {
            if (++Line > MaxRows)
                throw new ImportFileException(ImportRefusals.TooLarge, Line);
            var cells = Guarded(() => Enumerable.Range(0, _reader.FieldCount).Select(_reader.GetValue).ToArray());
            _fields = Array.ConvertAll(cells, Text);
            _days = Array.ConvertAll(cells, c => c is DateTime at ? DateOnly.FromDateTime(at) : (DateOnly?)null);
            var last = Array.FindLastIndex(_fields, f => f.Length > 0);
            if (last < 0)
                continue;
            return true;
        }
        return false;
    }

    public override void Dispose() => _reader.Dispose();

    private static string Text(object? value) =>
        value switch
        {
            null => "",
            string text => text,
            bool yes => yes ? "1" : "0",
            DateTime { TimeOfDay.Ticks: 0 } date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTime date => date.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            double number => Math.Abs(number) < 1e15 ? ((decimal)number).ToString(CultureInfo.InvariantCulture) : number.ToString("R", CultureInfo.InvariantCulture),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };

    /// <summary>Unpacks every part once and counts, since the sizes a zip states may be lies.</summary>
    private static void RefuseBomb(Stream stream)
    {
        Guarded(() =>
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Count > 10_000 || zip.GetEntry("[Content_Types].xml") is null)
                throw new ImportFileException(zip.Entries.Count > 10_000 ? ImportRefusals.TooLarge : ImportRefusals.NotAWorkbook);
            var left = MaxUnpacked;
            var buffer = new byte[1 << 16];
            foreach (var entry in zip.Entries)
            {
                using var part = entry.Open();
                for (int n; (n = part.Read(buffer)) > 0;)
                    if ((left -= n) < 0)
                        throw new ImportFileException(ImportRefusals.TooLarge);
            }
            return 0;
        });
    }

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or ExcelDataReader.Exceptions.ExcelReaderException or System.Xml.XmlException
            or ArgumentException or FormatException or IndexOutOfRangeException or NullReferenceException or InvalidOperationException or OverflowException or EndOfStreamException)
        {
            // The reader of workbooks meets damage in many ways; to the one who sent the file it is one.
            throw new ImportFileException(ImportRefusals.NotAWorkbook);
        }
    }
}
