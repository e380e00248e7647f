import { defineAsyncComponent, type Component } from 'vue'
import type { Fill } from '@bitcartcc/sdk/wiring'
import SpinnerDots from '../feedback/SpinnerDots.vue'

const components = new WeakMap<Fill, Component>()

/** Gives a fill's component, loaded when it is first shown; always the same one, so that a new render keeps its state. */
export function componentOf(fill: Fill): Component {
  let component = components.get(fill)
  if (!component) {
    component = defineAsyncComponent({
      loader: async () => (await fill.load()).default,
      loadingComponent: SpinnerDots,
      delay: 300,
      suspensible: false,
    })
    components.set(fill, component)
  }
  return component
}
