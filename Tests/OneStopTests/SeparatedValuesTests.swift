import Platform
import Testing

@testable import OneStop

@Suite struct SeparatedValuesTests {
    private func fields(_ text: String) throws -> [[String]] {
        try SeparatedValues(text).records.map(\.fields)
    }

    private func problemLines(_ text: String) -> [Int?] {
        do {
            _ = try SeparatedValues(text)
            return []
        } catch {
            return error.problems.map(\.line)
        }
    }

    @Test func commasQuotesAndLineEndsOfRFC4180() throws {
        #expect(try fields("a,b\r\n1,2\r\n") == [["a", "b"], ["1", "2"]])
        #expect(try fields("a,b\n1,2") == [["a", "b"], ["1", "2"]])
        #expect(try fields("\u{FEFF}a,b\n,") == [["a", "b"], ["", ""]])
        #expect(
            try fields("a\n\"x,y\"\n\"he said \"\"no\"\"\"\n\"\"\n") == [
                ["a"], ["x,y"], ["he said \"no\""], [""],
            ])
        #expect(try fields("a,b\n\"two\r\nlines\",\"市、县\"\n") == [["a", "b"], ["two\r\nlines", "市、县"]])
        #expect(try fields("a\n\n\r\nb\n") == [["a"], ["b"]])
        #expect(try fields("") == [])
    }

    @Test func linesAreThoseOfTheFile() throws {
        let records = try SeparatedValues("a,b\n\n\"x\ny\",1\nlast,2\n").records
        #expect(records.map(\.line) == [1, 3, 5])
    }

    @Test func tabsKnowNoQuotationMarks() throws {
        #expect(try fields("a\tb\n\"x\"y\t1,2\n") == [["a", "b"], ["\"x\"y", "1,2"]])
    }

    @Test func brokenQuotesAreToldByLine() {
        #expect(problemLines("a,b\nx\"y,1\n1,2\n\"z\"w,3\n") == [2, 4])
        #expect(problemLines("a\n\"never closed\nb\n") == [2])
        #expect(problemLines("a\nb\u{0}\n") == [2])
    }

    /// The next field in quotation marks closes it by accident, and what follows looks wrong there.
    @Test func aMissingMarkIsToldWhereItIsMissing() {
        #expect(problemLines("a,b\n\"never closed,1\nx,2\n\"y\",3\nz,\"4\"\n") == [2])
        #expect(problemLines("a,b\n\"two\nlines\",1\n\"y\"z,3\n") == [4])
    }
}
