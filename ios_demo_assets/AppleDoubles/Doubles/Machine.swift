import Foundation

extension ProcessInfo {
  public enum ThermalState: Int, Sendable {
    case nominal, fair, serious, critical
  }
  /// The states that NURIE_DOUBLE_THERMAL lists, one each time that somebody asks; then nominal.
  public var thermalState: ThermalState {
    let told = environment["NURIE_DOUBLE_THERMAL"]?.split(separator: ",") ?? []
    let asked = Asked.shared["thermal state"]
    Asked.shared.note("thermal state")
    guard asked < told.count else { return .nominal }
    return ["fair": .fair, "serious": .serious, "critical": .critical][told[asked]] ?? .nominal
  }
  public var isLowPowerModeEnabled: Bool { false }
}

public typealias integer_t = Int32
public typealias task_flavor_t = UInt32
public typealias mach_msg_type_number_t = UInt32
public let KERN_SUCCESS: Int32 = 0
public let TASK_VM_INFO: Int32 = 22
public let mach_task_self_: UInt32 = 0

public struct task_vm_info_data_t {
  public var phys_footprint: UInt64 = 0
  public init() {}
}

public func task_info(
  _ task: UInt32, _ flavor: task_flavor_t, _ out: UnsafeMutablePointer<integer_t>,
  _ count: UnsafeMutablePointer<mach_msg_type_number_t>
) -> Int32 {
  out.withMemoryRebound(to: UInt64.self, capacity: 1) { $0.pointee = 81_250_000 }
  return KERN_SUCCESS
}

/// Answers every name with one that no machine has.
public func sysctlbyname(
  _ name: String, _ value: UnsafeMutableRawPointer?, _ size: UnsafeMutablePointer<Int>,
  _ new: UnsafeMutableRawPointer?, _ newSize: Int
) -> Int32 {
  let text = Array("Double1,1".utf8) + [0]
  size.pointee = text.count
  value?.copyMemory(from: text, byteCount: text.count)
  return 0
}
