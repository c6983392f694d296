import Crypto
import Kernel
import Testing

@testable import Platform

@Suite struct EncryptionTests {
    @Test func aValueOpensOnlyInItsPlace() throws {
        let keyring: Keyring = try Keyring(keys: [1: .random()], currentKeyID: 1, indexKey: .random())
        let sealed: [UInt8] = try keyring.seal("13912345678", context: "platform_residents.phone/1")
        #expect(try keyring.open(sealed, context: "platform_residents.phone/1") == "13912345678")
        #expect(throws: CryptoError.authenticationFailed) {
            try keyring.open(sealed, context: "platform_residents.phone/2")
        }
    }

    @Test func aNewKeySealsAndTheOldOnesGoOnOpening() throws {
        let keyring: Keyring = try Keyring(
            keys: [1: .random()], currentKeyID: 1, algorithm: .sm4CTRHMACSM3, indexKey: .random())
        let old: [UInt8] = try keyring.seal("张晓明", context: "c")
        let index: [UInt8] = keyring.blindIndex("张晓明", field: "f")
        try keyring.rotate(to: 2, key: .random())
        let new: [UInt8] = try keyring.seal("张晓明", context: "c")
        #expect(try keyring.open(old, context: "c") == "张晓明")
        #expect(try keyring.isOutdated(old))
        #expect(try !keyring.isOutdated(new))
        #expect(keyring.blindIndex("张晓明", field: "f") == index)
        #expect(keyring.blindIndex("张晓明", field: "g") != index)
    }

    @Test func whatOldKeysSealedIsSealedAgain() async throws {
        try await TestPlatform.run { test in
            let residents: Residents = Residents(keyring: test.keyring)
            let count: Int = SealedColumns.standardBatchRows + 5
            try await test.platform.performAsSystem(action: "test") { unit in
                for number in 0..<count {
                    try residents.insert(
                        unit,
                        NewResident(
                            id: unit.newID(), phone: PhoneNumber(syntheticSequence: number),
                            fullName: FullName(stored: "张晓明"), passwordHash: nil, synthetic: true))
                }
            }
            let rotation: FieldRotation = FieldRotation(
                platform: test.platform, targets: SealedColumns.ofPlatform)
            let before: Int = try await rotation.run()
            #expect(before == 0)
            try test.keyring.rotate(to: 2, key: .random())
            let first: Int = try await rotation.run()
            let second: Int = try await rotation.run()
            #expect(first == 2 * count)
            #expect(second == 0)
            let phone: String? = try await test.platform.readAsSystem { context in
                let found = try residents.find(context.connection, phone: PhoneNumber(syntheticSequence: 3))
                return try residents.reveal(context.connection, id: found?.id ?? "", .phone)
            }
            #expect(phone == "10000000003")
        }
    }
}
