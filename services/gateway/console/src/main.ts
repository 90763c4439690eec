import { createApp } from 'vue'
import App from '@/App.vue'
import { router } from '@/router'
import { texts } from '@/texts'
import '@/style/base.css'

createApp(App).use(texts).use(router).mount('#app')

// Another version of the console is served by now, and this one's pages are gone.
addEventListener('vite:preloadError', () => location.reload())
