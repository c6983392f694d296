import Contract
import RPC
import Testing

@Suite("The contract")
struct ContractTests {
    @Test("describes itself, its imports first")
    func descriptors() {
        let own: [UInt8] = ContractDescriptors.fileDescriptorSet
        let base: [UInt8] = RPCDescriptors.fileDescriptorSet
        #expect(own.starts(with: base))
        #expect(own.count > base.count)
    }

    @Test("names every method once")
    func methods() {
        let paths: [String] = ContractDescriptors.methods.map(\.path)
        #expect(paths.count == Set(paths).count)
        #expect(paths.contains("/linli.grassrootswork.v1.CaseService/WatchCases"))
        #expect(paths.allSatisfy { $0.hasPrefix("/linli.") })
    }
}
