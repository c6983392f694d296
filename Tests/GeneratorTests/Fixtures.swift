import Glibc
import RPC
import Testing
import WireTestMessages

extension TestingV1.Kinds {
    /// Every field set, with the values that golden/every_field.hex was made from.
    static var everyField: TestingV1.Kinds {
        var kinds = TestingV1.Kinds(
            doubleValue: 1.5, floatValue: -2.25, int32Value: -3, int64Value: Int64.min,
            uint32Value: UInt32.max,
            uint64Value: UInt64.max, sint32Value: -7, sint64Value: Int64.min, fixed32Value: 9,
            fixed64Value: 10,
            sfixed32Value: -11, sfixed64Value: -12, boolValue: true, stringValue: "邻里 neighbours 👋",
            bytesValue: [0, 255, 0], color: .belowZero, inner: Inner(name: "内", count: 17),
            createTime: GoogleProtobuf.Timestamp(seconds: 1_767_225_600, nanos: 5_000_000), mode: .on)
        kinds.doubles = [0, 1.25, -0.5]
        kinds.floats = [0.5]
        kinds.int32s = [0, 1, -1, 300]
        kinds.uint64s = [0, UInt64.max]
        kinds.sint64s = [-1, 1]
        kinds.fixed32s = [1, 2, 3]
        kinds.bools = [true, false, true]
        kinds.strings = ["", "一", "two"]
        kinds.byteStrings = [[], [0], [1, 2]]
        kinds.colors = [.red, .unspecified, .belowZero]
        kinds.inners = [Inner(), Inner(name: "a"), Inner(count: 2)]
        kinds.unpacked = [5, 0, -5]
        kinds.texts = ["a": "甲", "b": "乙"]
        kinds.innerByNumber = [-1: Inner(count: 4), 1: Inner(name: "one")]
        kinds.colorByNumber = [9: .default]
        kinds.limit = 0
        kinds.note = ""
        kinds.choice = .choiceInner(Inner(name: "chosen"))
        kinds.`protocol` = "p"
        kinds.register = "r"
        kinds.residentID = "residents/1"
        kinds.caseIDs = ["1", "2"]
        return kinds
    }
}

/// The bytes of a file in golden/, which has them as hexadecimal digits. They were made by Google's own library for
/// Python, with the values of the fixtures and map entries in the order of their keys.
func golden(_ name: String) throws -> [UInt8] {
    let folder: Substring = #filePath.prefix(upTo: try #require(#filePath.lastIndex(of: "/")))
    let digits: [Int] = try contents(of: "\(folder)/golden/\(name)").compactMap {
        Character(Unicode.Scalar($0)).hexDigitValue
    }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
}

/// All bytes of a file.
func contents(of path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "r"), "\(path) cannot be opened")
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(byte)) }
    return bytes
}
