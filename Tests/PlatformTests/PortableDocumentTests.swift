import CZlib
import Kernel
import Testing

@testable import Platform

@Suite struct PortableDocumentTests {
    private static let head: String = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    private static let tail: String = "xref\n0 1\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"

    private func reason(_ bytes: [UInt8]) -> String {
        do throws(Refusal) {
            let document = try PortableDocument(checking: bytes)
            return document.bytes == bytes ? "kept" : "changed"
        } catch {
            return error.reason
        }
    }

    private func reason(_ middle: String) -> String {
        reason(Array((Self.head + middle + Self.tail).utf8))
    }

    /// A stream with `dictionary` whose content is packed by zlib.
    private func stream(
        _ content: [UInt8], _ dictionary: String = "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
    )
        -> [UInt8]
    {
        var count: UInt = compressBound(UInt(content.count))
        var packed = [UInt8](repeating: 0, count: Int(count))
        #expect(compress(&packed, &count, content, UInt(content.count)) == Z_OK)
        let head = Self.head + "5 0 obj\n<< \(dictionary) /Length \(count) >>\nstream\n"
        return Array(head.utf8) + packed.prefix(Int(count)) + Array("\nendstream\nendobj\n\(Self.tail)".utf8)
    }

    @Test func aPlainDocumentIsKeptAsItCame() {
        #expect(reason("") == "kept")
        #expect(reason("3 0 obj\n<< /OpenAction [3 0 R /Fit] /Names 4 0 R >>\nendobj\n") == "kept")
        #expect(reason(stream(Array("1 0 << /Type /Annot >>".utf8))) == "kept")
    }

    @Test func whatIsNoWholeDocumentIsRefused() {
        #expect(reason(Array("PK\u{3}\u{4} a zip that is called a.pdf".utf8)) == "PDF_UNREADABLE")
        #expect(reason(Array((" " + Self.head + Self.tail).utf8)) == "PDF_UNREADABLE")
        #expect(reason(Array("%PDF-".utf8)) == "PDF_UNREADABLE")
        let whole = Array((Self.head + Self.tail).utf8)
        #expect(reason(Array(whole.dropLast(8))) == "PDF_CUT_OFF")
        #expect(reason(Array(Self.head.utf8)) == "PDF_CUT_OFF")
        #expect(reason(whole + Array(repeating: 0x20, count: PortableDocument.trailerBytes - 10)) == "kept")
        #expect(reason(whole + Array(repeating: 0x20, count: PortableDocument.trailerBytes)) == "PDF_CUT_OFF")
    }

    @Test(arguments: [
        "<< /S /JavaScript /JS (app.alert\\(1\\)) >>", "<< /S /J#61vaScript /JS (x) >>",
        "<</S/Launch/F(cmd.exe)>>",
        "<< /S /#4Caunch >>", "<< /XFA 7 0 R >>", "<< /Subtype /RichMedia >>",
    ])
    func whatActsByItselfIsRefusedInTheOpenAndPacked(_ object: String) {
        #expect(reason("3 0 obj\n\(object)\nendobj\n") == "PDF_ACTIVE")
        #expect(reason(stream(Array(object.utf8))) == "PDF_ACTIVE")
        #expect(
            reason(stream(Array(object.utf8), "/Length 9")) == "PDF_ACTIVE",
            "whatever the stream says that it is")
    }

    @Test func namesThatOnlyLookAlikeAreLeftAlone() {
        #expect(reason("3 0 obj\n<< /JavaScripture 1 /Launcher 2 >>\nendobj\n") == "kept")
        #expect(reason("3 0 obj\n(JavaScript in a sentence)\nendobj\n") == "kept")
    }

    @Test func whatCannotBeLookedIntoIsRefused() {
        #expect(reason("trailer\n<< /Encrypt 8 0 R >>\n") == "PDF_ENCRYPTED")
        #expect(
            reason("5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /LZWDecode >>\nstream\nxx\nendstream\n")
                == "PDF_DAMAGED")
        #expect(
            reason("5 0 obj\n<< /N 1 /First 4 /Filter /FlateDecode >>\nstream\nplain\nendstream\n")
                == "PDF_DAMAGED")
        let cut = stream(Array(repeating: 65, count: 5_000))
        let middle = cut.count - Self.tail.utf8.count - 26
        #expect(
            reason(Array(cut[..<(middle - 8)]) + Array("\nendstream\nendobj\n\(Self.tail)".utf8))
                == "PDF_DAMAGED")
    }

    @Test func aFileThatUnpacksWithoutEndStopsAtTheLimit() {
        let fitting = [UInt8](repeating: 0x20, count: PortableDocument.streamBytesMax - 100_000)
        #expect(reason(stream(fitting)) == "kept")
        let bomb = [UInt8](repeating: 0x20, count: PortableDocument.streamBytesMax + 100_000)
        #expect(reason(stream(bomb)) == "PDF_DAMAGED")
        #expect(
            reason(stream(bomb, "/Subtype /Image /Filter /FlateDecode")) == "kept", "a picture may be large")
    }
}
