import Testing

@testable import RPC

@Suite("Metadata")
struct MetadataTests {
    @Test("keys are found in any case and keep their order")
    func keys() {
        var metadata = Metadata(["X-One": "1", "x-two": "2"])
        metadata.add("3", for: "x-one")
        #expect(metadata["x-ONE"] == "1")
        #expect(metadata.values(for: "x-one") == ["1", "3"])
        #expect(metadata.entries.map(\.key) == ["x-one", "x-two", "x-one"])
        #expect(metadata["x-three"] == nil)
    }

    @Test("a -bin value travels as base64 without padding and comes back", arguments: 0...9)
    func binary(length: Int) {
        let bytes: [UInt8] = (0..<length).map { UInt8($0 * 29 % 256) }
        var metadata = Metadata()
        metadata.addBinary(bytes, for: "x-bin")
        #expect(metadata["x-bin"]?.contains("=") == false)
        #expect(metadata.binary("x-bin") == bytes)
    }

    @Test("padded base64 is read, broken base64 is not")
    func decoding() {
        #expect(Base64Header.decode("q6s=".utf8) == [0xAB, 0xAB])
        #expect(Base64Header.decode("q6s".utf8) == [0xAB, 0xAB])
        #expect(Base64Header.decode("q".utf8) == nil)
        #expect(Base64Header.decode("q6*s".utf8) == nil)
        #expect(Base64Header.decode("q=6s".utf8) == nil)
    }

    @Test("text that cannot travel in a header is made harmless")
    func illegalText() {
        var metadata = Metadata()
        metadata.add("a\r\nb 邻", for: "x-text")
        #expect(metadata["x-text"]?.utf8.allSatisfy { $0 >= 0x20 && $0 <= 0x7E } == true)
    }
}
