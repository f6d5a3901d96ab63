#if canImport(CoreML)
  // The kernel's port of this process is a C global that nobody writes after the process began.
  @preconcurrency import Darwin

  /// The memory that the system counts against this app.
  package enum MemoryReading {
    /// In megabytes of 10^6 bytes; nil if the kernel does not tell.
    package static var footprintMB: Double? {
      var info = task_vm_info_data_t()
      let words = MemoryLayout<task_vm_info_data_t>.size / MemoryLayout<integer_t>.size
      var count = mach_msg_type_number_t(words)
      let status = withUnsafeMutablePointer(to: &info) { pointer in
        pointer.withMemoryRebound(to: integer_t.self, capacity: words) {
          task_info(mach_task_self_, task_flavor_t(TASK_VM_INFO), $0, &count)
        }
      }
      return status == KERN_SUCCESS ? Double(info.phys_footprint) / 1e6 : nil
    }
  }
#endif
