import Platform

/// A table in a text file: comma-separated by RFC 4180, or tab-separated by the IANA registration, which knows no
/// quotation marks. Which one it is, the header line says: it has a tab or not.
struct SeparatedValues: Sendable, Equatable {
    struct Record: Sendable, Equatable {
        /// Line in the file where the record begins, counted from 1.
        let line: Int
        let fields: [String]
    }

    let records: [Record]

    /// Reads a text. A byte order mark is passed over, lines may end in LF or CRLF, empty lines are none.
    ///
    /// - Throws: `DataFileError` with each broken line: a quotation mark inside a bare field, text after a closing one,
    ///   one that is never closed, a NUL.
    init(_ text: String) throws(DataFileError) {
        var reader: Reader = Reader(text)
        reader.run()
        guard reader.problems.isEmpty else {
            throw DataFileError(problems: reader.problems.shown)
        }
        records = reader.records
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Walks over the bytes once; what separates is ASCII, so UTF-8 stays whole.
    private struct Reader {
        private enum State { case start, bare, quoted, closed }

        var records: [Record] = []
        var problems: [DataProblem] = []
        private let bytes: ArraySlice<UInt8>
        private let separator: UInt8
        private let quotes: Bool
        private var state: State = .start
        private var field: [UInt8] = []
        private var fields: [String] = []
        private var line: Int = 1
        private var recordLine: Int = 1
        private var quoteLine: Int = 1
        private var brokenLine: Int = 0

        init(_ text: String) {
            let all: [UInt8] = Array(text.utf8)
            bytes = all.starts(with: SeparatedValues.byteOrderMark) ? all.dropFirst(3) : all[...]
            let header: ArraySlice<UInt8> = bytes.prefix { $0 != UInt8(ascii: "\n") }
            quotes = !header.contains(UInt8(ascii: "\t"))
            separator = quotes ? UInt8(ascii: ",") : UInt8(ascii: "\t")
        }

        mutating func run() {
            var index: Int = bytes.startIndex
            while index < bytes.endIndex {
                let byte: UInt8 = bytes[index]
                index += 1
                if byte == 0 {
                    report(line, zh: "有空字符，请用文本编辑器重新保存。", en: "There is a NUL character. Save it as text.")
                }
                if byte == UInt8(ascii: "\n") { line += 1 }
                switch state {
                case .quoted where byte == UInt8(ascii: "\""):
                    if index < bytes.endIndex, bytes[index] == UInt8(ascii: "\"") {
                        field.append(byte)
                        index += 1
                    } else {
                        state = .closed
                    }
                case .quoted: field.append(byte)
                case .start where quotes && byte == UInt8(ascii: "\""):
                    state = .quoted
                    quoteLine = line
                default: outside(byte, next: index < bytes.endIndex ? bytes[index] : nil)
                }
            }
            if state == .quoted {
                report(
                    quoteLine, zh: "引号没有闭合，请补上另一个引号。",
                    en: "A quotation mark is never closed. Add the other one.")
            }
            if state != .start || !field.isEmpty || !fields.isEmpty { endRecord() }
        }

        /// A byte that no quotation marks enclose.
        private mutating func outside(_ byte: UInt8, next: UInt8?) {
            switch byte {
            case separator: endField()
            case UInt8(ascii: "\n"): endRecord()
            case UInt8(ascii: "\r") where next == UInt8(ascii: "\n"): break
            case UInt8(ascii: "\"") where quotes:
                report(
                    line, zh: "引号的位置不对：含引号的内容要整个放在引号里，里面的引号写两个。",
                    en: "A quotation mark is misplaced: enclose the whole field, and double the marks inside."
                )
            default:
                if state == .closed { reportClosed() }
                if state == .start { state = .bare }
                field.append(byte)
            }
        }

        /// Something stands behind a closing mark. If that is lines below the opening one, the mark opens another field,
        /// and the first one was never closed.
        private mutating func reportClosed() {
            guard quoteLine < line else {
                report(
                    line, zh: "右引号后面还有内容，应当是分隔符。",
                    en: "There is text after a closing quotation mark; a separator belongs there.")
                return
            }
            report(
                quoteLine, zh: "引号没有闭合，直到第\(line)行才遇到下一个引号。请在这一行补上另一个引号。",
                en: "A quotation mark is not closed; the next one is on line \(line). Add the other one here."
            )
            state = .quoted
            quoteLine = line
        }

        private mutating func endField() {
            fields.append(String(decoding: field, as: UTF8.self))
            field.removeAll(keepingCapacity: true)
            state = .start
        }

        private mutating func endRecord() {
            if fields.isEmpty && field.isEmpty && state == .start {
                recordLine = line
                return
            }
            endField()
            records.append(Record(line: recordLine, fields: fields))
            fields.removeAll()
            recordLine = line
        }

        /// One problem a line is enough.
        private mutating func report(_ line: Int, zh: String, en: String) {
            guard line != brokenLine else { return }
            brokenLine = line
            problems.append(DataProblem(line: line, element: "", zh: zh, en: en))
        }
    }
}
